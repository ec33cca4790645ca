//! AppArmor profiles as text (rule M10), from the fields and from the older annotations (rule W2).

use hallpass_workload::{APP_ARMOR_ANNOTATION, AppArmor, LONGEST_APP_ARMOR_PROFILE};

use crate::text::literal;
use crate::variable::Variable;

/// Returns a profile in the notation of the expressions; the text is empty without a profile.
pub(crate) fn text(profile: Option<AppArmor<'_>>) -> String {
    profile.map(|profile| profile.to_string()).unwrap_or_default()
}

/// Returns the profile in a security context, or else `otherwise`.
pub(super) fn field(holder: &str, otherwise: &str) -> String {
    let profile = format!("{holder}.securityContext.appArmorProfile");
    format!(
        "has({holder}.securityContext) && has({profile}) ?\n  \
         ({profile}.type == 'Localhost' ? 'Localhost ' + {profile}.localhostProfile : {profile}.type) :\n  \
         {otherwise}"
    )
}

pub(super) fn variables() -> Vec<Variable> {
    const LOCAL: &str = "localhost/";
    let value = "variables.annotations[key]";
    let (start, end) = (APP_ARMOR_ANNOTATION.len(), LOCAL.len());
    let profile = format!("{value}.substring({end})");
    vec![
        Variable::new("app_armor", field("variables.spec", "''")),
        // An annotation has no effect if its profile is invalid, or equals that of the Pod.
        Variable::new(
            "app_armor_annotations",
            format!(
                "has(variables.spec.os) && variables.spec.os.name == 'windows' ? [] :\n\
                 variables.annotations.filter(key, key.startsWith({})).map(key, {{\n  \
                 'container': key.substring({start}),\n  \
                 'profile':\n    \
                 {value} == 'unconfined' ? 'Unconfined' :\n    \
                 {value} == 'runtime/default' ? 'RuntimeDefault' :\n    \
                 {value}.startsWith('{LOCAL}') && {value}.size() > {end} && {profile} == {profile}.trim() &&\n      \
                 bytes({profile}).size() <= {LONGEST_APP_ARMOR_PROFILE} ? 'Localhost ' + {profile} : ''\n\
                 }}).filter(set, set.profile != '' && set.profile != variables.app_armor)",
                literal(APP_ARMOR_ANNOTATION)
            ),
        ),
    ]
}
