#!/usr/bin/env bash
# Runs `hallpass check`: annotations on stdout, a table in the job's summary, and SARIF if a file is named.
#
# Reads the inputs from INPUT_PATHS, INPUT_ALLOWLISTS, INPUT_GKE_VERSION, INPUT_CONFIG, INPUT_ARGS and INPUT_SARIF. Writes
# the exit code to the step's outputs instead of ending with it, so that the comment is written before the job fails.
set -euo pipefail

# Prints the lines of an input that are not blank, without the space around them.
lines() {
    sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e '/^$/d' <<< "$1"
}

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
    if [[ $line == -- ]]; then
        echo '::error title=hallpass::the input args contains --: list files and folders in the input paths'
        exit 2
    fi
    arguments+=("$line")
done < <(lines "$INPUT_ARGS")
if [[ -n $INPUT_SARIF ]]; then
    arguments+=(-o "sarif=$INPUT_SARIF")
fi
summary=$RUNNER_TEMP/hallpass.md
arguments+=(-o github -o "markdown=$summary" --)
while IFS= read -r line; do
    arguments+=("$line")
done < <(lines "$INPUT_PATHS")

# A file of an earlier step, or one of the repository, must not be taken for this report.
rm -f -- "$summary"
if [[ -n $INPUT_SARIF ]]; then
    rm -f -- "$INPUT_SARIF"
fi
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
{
    echo "exit-code=$exit_code"
    echo "summary=$summary"
    echo "sarif=$INPUT_SARIF"
} >> "$GITHUB_OUTPUT"
