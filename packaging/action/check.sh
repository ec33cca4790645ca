#!/usr/bin/env bash
# Runs `hallpass check`: annotations on stdout, a table in the job's summary, and SARIF if a file is named.
#
# Reads the inputs from INPUT_PATHS, INPUT_ALLOWLISTS, INPUT_GKE_VERSION, INPUT_CONFIG, INPUT_ARGS and INPUT_SARIF. Writes
# the exit code to the step's outputs instead of ending with it, so that the comment is written before the job fails.
set -euo pipefail

summary=$RUNNER_TEMP/hallpass.md
# A second copy of the SARIF report. If the file that the input names equals it, the file is from this run.
copy=$RUNNER_TEMP/hallpass.sarif
sarif=

# Prints the non-blank lines of an input, without surrounding space.
lines() {
    sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e '/^$/d' <<< "$1"
}

# Writes the outputs, and ends the step.
finish() {
    local written=
    if [[ -n $sarif ]] && cmp -s -- "$copy" "$sarif"; then
        written=$sarif
    elif [[ -n $sarif ]]; then
        # The file can only be from an earlier run, and must not be uploaded as the report of this one.
        rm -f -- "$sarif"
    fi
    {
        echo "exit-code=$1"
        echo "summary=$summary"
        echo "sarif=$written"
    } >> "$GITHUB_OUTPUT"
    exit 0
}

# Reports invalid usage.
refuse() {
    echo "::error title=hallpass::$1"
    finish 2
}

# A line break in the value would add another output.
one_line() {
    [[ $2 != *[$'\r\n']* ]] || refuse "\`$1\` contains a line break: write it on one line"
}

# Whether hallpass wrote a file.
is_report() {
    [[ -f $1 && $(head -c 1000 -- "$1" | LC_ALL=C tr -cd '[:graph:]') == '{"'*'"runs":[{"tool":{"driver":{"name":"hallpass",'* ]]
}

# Whether a file is in the workspace after all links in its path are followed.
is_in_workspace() {
    local workspace
    workspace=$(CDPATH='' cd -P -- "$GITHUB_WORKSPACE" && pwd) || return 1
    (CDPATH='' cd -P -- "$(dirname -- "$1")" 2> /dev/null && [[ $PWD/ == "${workspace%/}"/* ]])
}

rm -f -- "$summary" "$copy"
one_line sarif "$INPUT_SARIF"
if [[ -n $INPUT_SARIF ]]; then
    file=$INPUT_SARIF
    if [[ ${RUNNER_OS:-} == Windows ]]; then
        file=${file//\\//}
    fi
    # hallpass reads files with this ending only if an input names them.
    [[ $file == *.sarif ]] || refuse "the file name in \`sarif\` must end in \`.sarif\`"
    is_in_workspace "$file" || refuse "\`sarif\` must name a file in an existing folder of the workspace"
    [[ ! -L $file ]] || refuse "the file in \`sarif\` is a link: name another file"
    [[ ! -e $file ]] || is_report "$file" \
        || refuse "the file in \`sarif\` exists, and hallpass did not write it: name another file"
    sarif=$file
fi
one_line gke-version "$INPUT_GKE_VERSION"
one_line config "$INPUT_CONFIG"

arguments=()
while IFS= read -r line; do
    arguments+=("--allowlists=$line")
done < <(lines "$INPUT_ALLOWLISTS")
if [[ -n $INPUT_GKE_VERSION ]]; then
    arguments+=("--gke-version=$INPUT_GKE_VERSION")
fi
if [[ -n $INPUT_CONFIG ]]; then
    arguments+=("--config=$INPUT_CONFIG")
fi
while IFS= read -r line; do
    # `--` would turn the options after it into paths, and the report would be missing.
    [[ $line != -- ]] || refuse "the input \`args\` contains \`--\`: list files and folders in \`paths\`"
    arguments+=("$line")
done < <(lines "$INPUT_ARGS")
if [[ -n $sarif ]]; then
    arguments+=(-o "sarif=$sarif" -o "sarif=$copy")
fi
arguments+=(-o github -o "markdown=$summary" --)
while IFS= read -r line; do
    arguments+=("$line")
done < <(lines "$INPUT_PATHS")

exit_code=0
hallpass check "${arguments[@]}" || exit_code=$?

# GitHub rejects a summary of more than 1 MiB, and then shows none.
if [[ -f $summary ]]; then
    if (($(wc -c < "$summary") < 1000000)); then
        cat "$summary" >> "$GITHUB_STEP_SUMMARY"
    else
        echo 'The report is too long for this page. See the log of the job.' >> "$GITHUB_STEP_SUMMARY"
    fi
fi
finish "$exit_code"
