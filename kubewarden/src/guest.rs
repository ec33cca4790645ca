//! waPC, the protocol of Kubewarden's policy server: one export, and imports for the data.
#![expect(
    unsafe_code,
    reason = "the server finds the entry point by its name, and is asked for bytes by address"
)]

#[link(wasm_import_module = "wapc")]
unsafe extern "C" {
    /// Writes the operation and the payload of the call to two buffers.
    fn __guest_request(operation: *mut u8, payload: *mut u8);
    fn __guest_response(address: *const u8, length: usize);
    fn __guest_error(address: *const u8, length: usize);
    /// Returns 1 if the server has a response, 0 if it has an error.
    fn __host_call(
        binding: *const u8,
        binding_length: usize,
        namespace: *const u8,
        namespace_length: usize,
        operation: *const u8,
        operation_length: usize,
        payload: *const u8,
        payload_length: usize,
    ) -> usize;
    fn __host_response_len() -> usize;
    fn __host_response(address: *mut u8);
    fn __host_error_len() -> usize;
    fn __host_error(address: *mut u8);
}

/// Handles a call. Returns 1, or 0 with an error, which the server treats as a refusal.
#[unsafe(no_mangle)]
extern "C" fn __guest_call(operation_length: usize, payload_length: usize) -> usize {
    let mut operation = vec![0; operation_length];
    let mut payload = vec![0; payload_length];
    // SAFETY: waPC makes the server write exactly as many bytes to each buffer as it has just announced.
    unsafe { __guest_request(operation.as_mut_ptr(), payload.as_mut_ptr()) };
    let operation = String::from_utf8_lossy(&operation);
    match crate::call(&operation, &payload, &host_call) {
        Ok(answer) => {
            // SAFETY: the server reads the bytes before it returns.
            unsafe { __guest_response(answer.as_ptr(), answer.len()) };
            1
        }
        Err(error) => {
            // SAFETY: as above.
            unsafe { __guest_error(error.as_ptr(), error.len()) };
            0
        }
    }
}

/// Calls the server's capability `kubernetes`.
fn host_call(operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
    const BINDING: &str = "kubewarden";
    const NAMESPACE: &str = "kubernetes";
    // SAFETY: the server reads the texts before it returns.
    let outcome = unsafe {
        __host_call(
            BINDING.as_ptr(),
            BINDING.len(),
            NAMESPACE.as_ptr(),
            NAMESPACE.len(),
            operation.as_ptr(),
            operation.len(),
            payload.as_ptr(),
            payload.len(),
        )
    };
    if outcome == 1 {
        // SAFETY: has no arguments.
        let mut response = vec![0; unsafe { __host_response_len() }];
        // SAFETY: the server writes exactly as many bytes as it has just announced.
        unsafe { __host_response(response.as_mut_ptr()) };
        return Ok(response);
    }
    // SAFETY: has no arguments.
    let mut error = vec![0; unsafe { __host_error_len() }];
    // SAFETY: the server writes exactly as many bytes as it has just announced.
    unsafe { __host_error(error.as_mut_ptr()) };
    Err(String::from_utf8_lossy(&error).into_owned())
}
