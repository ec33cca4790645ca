//! The fields of each Kubernetes type that a rule reads, and those that none does: what is in neither list and
//! near one of the first is most likely a slip, which the API server would drop without a word.

use hallpass_document::{At, Fault, Faults, nearest};

/// The fields of one Kubernetes type (API reference of Kubernetes 1.35).
pub(super) struct Shape {
    /// Fields that a rule reads.
    pub(super) read: &'static [&'static str],
    /// Fields that Kubernetes knows and no rule reads.
    pub(super) other: &'static [&'static str],
}

impl Shape {
    /// Whether Kubernetes knows the field.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.read.contains(&key) || self.other.contains(&key)
    }

    /// None when Kubernetes knows the field and no rule reads it.
    pub(super) fn may_read(&self, key: &str) -> Option<()> {
        (!self.other.contains(&key)).then_some(())
    }

    /// Warns when `key`, which no rule reads, looks like one that some rule does.
    pub(super) fn unread(&self, key: &str, at: &At<'_>, faults: &mut Faults) {
        if self.other.contains(&key) {
            return;
        }
        if let Some(meant) = nearest(key, self.read.iter().copied()) {
            faults.warn(
                Fault::new(at.pointer(), format!("Kubernetes knows no field `{key}` here and drops it"))
                    .in_key()
                    .help(format!("did you mean `{meant}`?")),
            );
        }
    }
}

pub(super) const OBJECT: Shape =
    Shape { read: &["apiVersion", "kind", "metadata", "spec", "template"], other: &["status"] };

/// What holds the Pod template of a `StatefulSet`; of the rest nothing is near what a rule reads.
pub(super) const STATEFUL_SET_SPEC: Shape = Shape { read: &["template", "volumeClaimTemplates"], other: &[] };

pub(super) const JOB_SPEC: Shape = Shape { read: &["template", "completionMode"], other: &[] };

pub(super) const CLAIM_TEMPLATE: Shape =
    Shape { read: &["metadata"], other: &["apiVersion", "kind", "spec", "status"] };

/// What holds a Pod template, on the way there: the `spec` of a DaemonSet, or of a CronJob and of its Jobs.
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
