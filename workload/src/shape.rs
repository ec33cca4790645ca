//! The fields of each Kubernetes type that a rule reads, and those that no rule reads. A field that is in neither list
//! but resembles a read one is probably a typo, which the API server would silently drop.

use hallpass_document::{At, Code, Diagnostic, Diagnostics, nearest};

/// The fields of a Kubernetes type (API reference of Kubernetes 1.35).
pub(super) struct Shape {
    /// Fields that a rule reads.
    pub(super) read: &'static [&'static str],
    /// Fields that Kubernetes knows, but no rule reads.
    pub(super) other: &'static [&'static str],
}

impl Shape {
    /// Whether Kubernetes knows the field.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.read.contains(&key) || self.other.contains(&key)
    }

    /// Returns `None` if Kubernetes knows the field and no rule reads it.
    pub(super) fn may_read(&self, key: &str) -> Option<()> {
        (!self.other.contains(&key)).then_some(())
    }

    /// Warns if `key`, which no rule reads, resembles a field that a rule reads.
    pub(super) fn unread(&self, key: &str, at: &At<'_>, faults: &mut Diagnostics) {
        if self.other.contains(&key) {
            return;
        }
        if let Some(meant) = nearest(key, self.read.iter().copied()) {
            faults.warn(
                Diagnostic::new(
                    at.pointer(),
                    format!("Kubernetes does not know the field `{key}` here, and drops it"),
                )
                .in_key()
                .code(Code::UnknownField)
                .did_you_mean(meant),
            );
        }
    }
}

pub(super) const OBJECT: Shape =
    Shape { read: &["apiVersion", "kind", "metadata", "spec", "template"], other: &["status"] };

/// The parent of the Pod template of a `StatefulSet`; its other fields resemble no read field.
pub(super) const STATEFUL_SET_SPEC: Shape = Shape { read: &["template", "volumeClaimTemplates"], other: &[] };

pub(super) const JOB_SPEC: Shape = Shape { read: &["template", "completionMode"], other: &[] };

pub(super) const CLAIM_TEMPLATE: Shape =
    Shape { read: &["metadata"], other: &["apiVersion", "kind", "spec", "status"] };

/// The parents of a Pod template: the `spec` of a DaemonSet, or of a CronJob and its Jobs.
pub(super) const TEMPLATE_HOLDER: Shape = Shape {
    read: &["template", "jobTemplate", "spec", "volumeClaimTemplates", "completionMode"],
    other: &[
        "activeDeadlineSeconds",
        "backoffLimit",
        "backoffLimitPerIndex",
        "completions",
        "concurrencyPolicy",
        "failedJobsHistoryLimit",
        "managedBy",
        "manualSelector",
        "maxFailedIndexes",
        "minReadySeconds",
        "ordinals",
        "parallelism",
        "paused",
        "persistentVolumeClaimRetentionPolicy",
        "podFailurePolicy",
        "podManagementPolicy",
        "podReplacementPolicy",
        "progressDeadlineSeconds",
        "replicas",
        "revisionHistoryLimit",
        "schedule",
        "selector",
        "serviceName",
        "startingDeadlineSeconds",
        "strategy",
        "successPolicy",
        "successfulJobsHistoryLimit",
        "suspend",
        "timeZone",
        "ttlSecondsAfterFinished",
        "updateStrategy",
    ],
};

pub(super) const METADATA: Shape = Shape {
    read: &["name", "generateName", "namespace", "labels", "annotations"],
    other: &[
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "finalizers",
        "managedFields",
        "ownerReferences",
        "selfLink",
    ],
};

pub(super) const POD_SPEC: Shape = Shape {
    read: &[
        "containers",
        "initContainers",
        "ephemeralContainers",
        "volumes",
        "hostNetwork",
        "hostPID",
        "hostIPC",
        "hostUsers",
        "securityContext",
        "nodeSelector",
        "affinity",
        "tolerations",
        "runtimeClassName",
        "os",
    ],
    other: &[
        "activeDeadlineSeconds",
        "automountServiceAccountToken",
        "dnsConfig",
        "dnsPolicy",
        "enableServiceLinks",
        "hostAliases",
        "hostname",
        "hostnameOverride",
        "imagePullSecrets",
        "nodeName",
        "overhead",
        "preemptionPolicy",
        "priority",
        "priorityClassName",
        "readinessGates",
        "resourceClaims",
        "resources",
        "restartPolicy",
        "schedulerName",
        "schedulingGates",
        "serviceAccount",
        "serviceAccountName",
        "setHostnameAsFQDN",
        "shareProcessNamespace",
        "subdomain",
        "terminationGracePeriodSeconds",
        "topologySpreadConstraints",
        "workloadRef",
    ],
};

pub(super) const TOLERATION: Shape =
    Shape { read: &["key", "operator", "value", "effect"], other: &["tolerationSeconds"] };

pub(super) const NODE_REQUIREMENT: Shape = Shape { read: &["key", "operator", "values"], other: &[] };

pub(super) const POD_SECURITY: Shape = Shape {
    read: &["appArmorProfile", "sysctls", "windowsOptions"],
    other: &[
        "fsGroup",
        "fsGroupChangePolicy",
        "runAsGroup",
        "runAsNonRoot",
        "runAsUser",
        "seLinuxChangePolicy",
        "seLinuxOptions",
        "seccompProfile",
        "supplementalGroups",
        "supplementalGroupsPolicy",
    ],
};

pub(super) const CONTAINER: Shape = Shape {
    read: &[
        "name",
        "image",
        "command",
        "args",
        "env",
        "envFrom",
        "lifecycle",
        "livenessProbe",
        "readinessProbe",
        "startupProbe",
        "ports",
        "securityContext",
        "volumeMounts",
        "volumeDevices",
    ],
    other: &[
        "imagePullPolicy",
        "resizePolicy",
        "resources",
        "restartPolicy",
        "restartPolicyRules",
        "stdin",
        "stdinOnce",
        "targetContainerName",
        "terminationMessagePath",
        "terminationMessagePolicy",
        "tty",
        "workingDir",
    ],
};

pub(super) const CONTAINER_SECURITY: Shape = Shape {
    read: &[
        "privileged",
        "capabilities",
        "appArmorProfile",
        "procMount",
        "windowsOptions",
        "allowPrivilegeEscalation",
    ],
    other: &[
        "readOnlyRootFilesystem",
        "runAsGroup",
        "runAsNonRoot",
        "runAsUser",
        "seLinuxOptions",
        "seccompProfile",
    ],
};

pub(super) const CAPABILITIES: Shape = Shape { read: &["add", "drop"], other: &[] };

pub(super) const OS: Shape = Shape { read: &["name"], other: &[] };

pub(super) const APP_ARMOR: Shape = Shape { read: &["type", "localhostProfile"], other: &[] };

pub(super) const PORT: Shape =
    Shape { read: &["containerPort", "hostPort", "hostIP", "protocol"], other: &["name"] };

pub(super) const MOUNT: Shape = Shape {
    read: &["name", "mountPath", "readOnly", "subPath", "subPathExpr", "mountPropagation"],
    other: &["recursiveReadOnly"],
};

pub(super) const DEVICE: Shape = Shape { read: &["name", "devicePath"], other: &[] };

pub(super) const HOST_PATH: Shape = Shape { read: &["path"], other: &["type"] };

pub(super) const ENV: Shape = Shape { read: &["name", "value"], other: &["valueFrom"] };

pub(super) const ENV_FROM: Shape = Shape { read: &["configMapRef", "secretRef"], other: &["prefix"] };

pub(super) const LIFECYCLE: Shape = Shape { read: &["postStart", "preStop"], other: &["stopSignal"] };

pub(super) const HANDLER: Shape = Shape {
    read: &["exec"],
    other: &[
        "failureThreshold",
        "grpc",
        "httpGet",
        "initialDelaySeconds",
        "periodSeconds",
        "sleep",
        "successThreshold",
        "tcpSocket",
        "terminationGracePeriodSeconds",
        "timeoutSeconds",
    ],
};
