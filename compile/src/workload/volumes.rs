//! Volumes, without the one that the API server injects for the service account (rule W5), and with the claims of a
//! StatefulSet (rule W2).

use hallpass_workload::{CONFIG_MAP_MODE, TOKEN_MOUNT_PATH};

use crate::text::literal;
use crate::variable::Variable;

pub(super) fn variables() -> Vec<Variable> {
    vec![
        Variable::new("injected", injected()),
        Variable::new(
            "pod_volumes",
            "has(variables.spec.volumes) ?\n  \
             variables.spec.volumes.filter(volume, !(volume.name in variables.injected)) : []",
        ),
        Variable::new("volumes", normalized()),
    ]
}

/// Returns the expression for the names of volumes that look like the injected one and are used like it.
fn injected() -> String {
    let namespace = "!has(item.resourceFieldRef) && has(item.fieldRef) && item.fieldRef.fieldPath == 'metadata.namespace'";
    let mount = format!(
        "mount.name != volume.name ||\n      \
         mount.mountPath == {} && has(mount.readOnly) && mount.readOnly &&\n      \
         (!has(mount.subPath) || mount.subPath == '') && (!has(mount.subPathExpr) || mount.subPathExpr == '')",
        literal(TOKEN_MOUNT_PATH)
    );
    let mounts = ["containers", "initContainers", "ephemeralContainers"].map(|list| {
        format!(
            "(!has(variables.spec.{list}) || variables.spec.{list}.all(c,\n    \
             !has(c.volumeMounts) || c.volumeMounts.all(mount, {mount})))"
        )
    });
    format!(
        "!has(variables.spec.volumes) ? [] :\n\
         variables.spec.volumes.filter(volume,\n  \
         volume.name.startsWith('kube-api-access-') &&\n  \
         !(volume.name in variables.claims) &&\n  \
         has(volume.projected) && has(volume.projected.sources) && volume.projected.sources != null &&\n  \
         volume.projected.sources.size() > 0 &&\n  \
         volume.projected.sources.all(source,\n    \
         has(source.serviceAccountToken) && !has(source.serviceAccountToken.audience) ||\n    \
         has(source.configMap) && has(source.configMap.name) && source.configMap.name == 'kube-root-ca.crt' ||\n    \
         has(source.downwardAPI) && has(source.downwardAPI.items) && source.downwardAPI.items.size() > 0 &&\n      \
         source.downwardAPI.items.all(item, {namespace})\n  \
         ) &&\n  {}\n\
         ).map(volume, volume.name)",
        mounts.join(" &&\n  ")
    )
}

/// Returns the expression for the fields that rule M12 compares. `mode` is -1 for all types but configMap.
fn normalized() -> String {
    let or = |field: &str, otherwise: &str| format!("has({field}) ? {field} : {otherwise}");
    let read_only = |field: &str| format!("has(volume.{field}.readOnly) && volume.{field}.readOnly");
    format!(
        "variables.pod_volumes.map(volume, {{\n  \
         'name': dyn(volume.name),\n  \
         'source': dyn(has(volume.hostPath) ? 'hostPath' : has(volume.nfs) ? 'nfs' :\n    \
         has(volume.gcePersistentDisk) ? 'gcePersistentDisk' : ''),\n  \
         'path': dyn(has(volume.hostPath) ? volume.hostPath.path : has(volume.nfs) ? volume.nfs.path : ''),\n  \
         'read_only': dyn(has(volume.nfs) ? {} : has(volume.gcePersistentDisk) && {}),\n  \
         'fs_type': dyn(has(volume.gcePersistentDisk) && has(volume.gcePersistentDisk.fsType) ?\n    \
         volume.gcePersistentDisk.fsType : ''),\n  \
         'partition': dyn(has(volume.gcePersistentDisk) && has(volume.gcePersistentDisk.partition) ?\n    \
         volume.gcePersistentDisk.partition : 0),\n  \
         'writable_claim': dyn(has(volume.persistentVolumeClaim) && !({})),\n  \
         'mode': dyn(has(volume.configMap) ? ({}) : -1)\n\
         }}) + variables.claims.map(claim, {{\n  \
         'name': dyn(claim),\n  \
         'source': dyn(''),\n  \
         'writable_claim': dyn(true),\n  \
         'mode': dyn(-1)\n\
         }})",
        read_only("nfs"),
        read_only("gcePersistentDisk"),
        read_only("persistentVolumeClaim"),
        or("volume.configMap.defaultMode", &CONFIG_MAP_MODE.to_string()),
    )
}
