//! An instance of the module, and the calls of docs/abi.md.

use wasmtime::{
    InstancePre, Memory, Store, StoreLimits, StoreLimitsBuilder, Trap, TypedFunc, WasmParams, WasmResults,
};

use super::module::Limits;
use super::{Failure, clock};

/// The ABI version that this host supports.
const ABI: u32 = 1;

/// The data that wasmtime keeps for an instance.
pub(super) struct State {
    limits: StoreLimits,
    /// Whether the module exceeded its memory limit.
    refused_memory: bool,
}

impl wasmtime::ResourceLimiter for State {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let granted = self.limits.memory_growing(current, desired, maximum)?;
        self.refused_memory |= !granted;
        Ok(granted)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.limits.table_growing(current, desired, maximum)
    }
}

/// An instance. After a failure other than a refusal, its state is undefined, and it must be dropped.
pub(super) struct Instance {
    store: Store<State>,
    limits: Limits,
    memory: Memory,
    alloc: TypedFunc<u32, u32>,
    free: TypedFunc<(u32, u32), u32>,
    load: TypedFunc<(u32, u32), u64>,
    decide: TypedFunc<(u32, u32), u64>,
}

impl Instance {
    pub(super) fn new(pre: &InstancePre<State>, limits: Limits) -> Result<Self, Failure> {
        let of_store = StoreLimitsBuilder::new().memory_size(limits.memory).build();
        let mut store = Store::new(pre.module().engine(), State { limits: of_store, refused_memory: false });
        store.limiter(|state| state);
        store.set_epoch_deadline(clock::epochs(limits.time));
        let unavailable = |error: wasmtime::Error| Failure::Unavailable(format!("{error:#}"));
        let instance = pre.instantiate(&mut store).map_err(unavailable)?;
        let memory = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| Failure::Garbled("it exports no memory".to_owned()))?;
        let version = function::<(), u32>(&instance, &mut store, "hallpass_abi_version")?;
        let mut instance = Instance {
            memory,
            alloc: function(&instance, &mut store, "hallpass_alloc")?,
            free: function(&instance, &mut store, "hallpass_free")?,
            load: function(&instance, &mut store, "hallpass_load")?,
            decide: function(&instance, &mut store, "hallpass_decide")?,
            store,
            limits,
        };
        // The system may take long to map the memory: that is not the module's time.
        instance.store.set_epoch_deadline(clock::epochs(limits.time));
        match instance.call(&version, ())? {
            ABI => Ok(instance),
            other => Err(Failure::Garbled(format!("it has version {other} of the ABI, not {ABI}"))),
        }
    }

    /// Executes a load request; `read` parses the response.
    pub(super) fn load<T>(&mut self, request: &[u8], read: impl FnOnce(&[u8]) -> T) -> Result<T, Failure> {
        let load = self.load.clone();
        self.ask(&load, request, read)
    }

    /// Evaluates a document; `read` parses the response.
    pub(super) fn decide<T>(&mut self, document: &[u8], read: impl FnOnce(&[u8]) -> T) -> Result<T, Failure> {
        let decide = self.decide.clone();
        self.ask(&decide, document, read)
    }

    fn ask<T>(
        &mut self,
        function: &TypedFunc<(u32, u32), u64>,
        request: &[u8],
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, Failure> {
        // An empty buffer has no address. A space is also empty JSON.
        let request = if request.is_empty() { b" " } else { request };
        let length = u32::try_from(request.len()).map_err(|_| Failure::OutOfMemory(self.limits.memory))?;
        self.store.set_epoch_deadline(clock::epochs(self.limits.time));
        let alloc = self.alloc.clone();
        let address = self.call(&alloc, length)?;
        if address == 0 {
            return Err(Failure::OutOfMemory(self.limits.memory));
        }
        self.memory
            .write(&mut self.store, address as usize, request)
            .map_err(|_| Failure::Garbled("a buffer is outside its memory".to_owned()))?;
        let packed = self.call(function, (address, length))?;
        let (address, length) = ((packed >> 32) as u32, packed as u32);
        let range = address as usize..(address as usize).saturating_add(length as usize);
        let bytes = self.memory.data(&self.store).get(range);
        let answer =
            read(bytes.ok_or_else(|| Failure::Garbled("a response is outside its memory".to_owned()))?);
        let free = self.free.clone();
        match self.call(&free, (address, length))? {
            0 => Ok(answer),
            _ => Err(Failure::Garbled("it does not recognize its own response".to_owned())),
        }
    }

    fn call<P: WasmParams, R: WasmResults>(
        &mut self,
        function: &TypedFunc<P, R>,
        parameters: P,
    ) -> Result<R, Failure> {
        function.call(&mut self.store, parameters).map_err(|error| match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) => Failure::OutOfTime(self.limits.time),
            // An allocator that gets no memory can only trap.
            _ if self.store.data().refused_memory => Failure::OutOfMemory(self.limits.memory),
            Some(trap) => Failure::Trapped(trap.to_string()),
            None => Failure::Trapped(format!("{error:#}")),
        })
    }
}

fn function<P: WasmParams, R: WasmResults>(
    instance: &wasmtime::Instance,
    store: &mut Store<State>,
    name: &str,
) -> Result<TypedFunc<P, R>, Failure> {
    instance
        .get_typed_func(store, name)
        .map_err(|_| Failure::Garbled(format!("it exports no function `{name}` of the right type")))
}
