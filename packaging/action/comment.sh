#!/usr/bin/env bash
# Writes the report as one comment of the pull request for each workflow, job and INPUT_COMMENT_ID, and replaces it in later
# runs.
#
# Reads PULL_REQUEST (empty outside of pull requests), SUMMARY and GH_TOKEN. SUMMARY is empty, or names no file, if hallpass
# did not run. A comment that cannot be written does not fail the job: the token of a pull request from a fork may only read.
set -euo pipefail

# Prints a text as digits that have no meaning in a comment or in a filter of jq.
hex() {
    printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# The marker keeps a job from replacing the report of another one. It omits the ref, which differs between the runs of a pull
# request.
MARKER="<!-- hallpass: $(hex "${GITHUB_WORKFLOW_REF%%@refs/*}") $(hex "$GITHUB_JOB") $(hex "$INPUT_COMMENT_ID") -->"

if [[ -z $PULL_REQUEST ]]; then
    echo 'no comment: the job does not run for a pull request'
    exit 0
fi

run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
body=$RUNNER_TEMP/hallpass-comment.md
{
    echo "$MARKER"
    # GitHub rejects a comment of more than 65,536 characters.
    if [[ ! -f $SUMMARY ]]; then
        # The report of an earlier run must not look like that of this run.
        echo "hallpass did not run, or ended without a report. See [the log of the job]($run)."
    elif ((${#MARKER} + $(wc -c < "$SUMMARY") < 65000)); then
        cat "$SUMMARY"
    else
        echo "The report is too long for a comment. It is in [the summary of the job]($run)."
    fi
} > "$body"

not_written() {
    echo '::notice title=hallpass::The report was not added as a comment: in pull requests from forks, the token may not write one. See the summary of the job.'
    exit 0
}

# Only comments by bots count: any user may write a comment that starts with the marker.
comments=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" \
    --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$MARKER\"))) | .id") || not_written
comment=${comments%%$'\n'*}

if [[ -n $comment ]]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$comment" --field "body=@$body" || not_written
else
    gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --field "body=@$body" || not_written
fi
