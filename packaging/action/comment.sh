#!/usr/bin/env bash
# Writes the report as one comment of the pull request for each job, and replaces it in later runs.
#
# Reads PULL_REQUEST (empty outside of pull requests), SUMMARY and GH_TOKEN. A comment that cannot be written does not fail
# the job: the token of a pull request from a fork may only read.
set -euo pipefail

# A job must not replace the report of another. The id of a job has only letters, digits, `-` and `_`.
MARKER="<!-- hallpass: $GITHUB_JOB -->"

if [[ -z $PULL_REQUEST ]]; then
    echo 'no comment: the job does not run for a pull request'
    exit 0
fi
if [[ ! -f $SUMMARY ]]; then
    echo 'no comment: hallpass has written no report'
    exit 0
fi

body=$RUNNER_TEMP/hallpass-comment.md
{
    echo "$MARKER"
    # GitHub rejects a comment of more than 65,536 characters.
    if (($(wc -c < "$SUMMARY") < 65000)); then
        cat "$SUMMARY"
    else
        echo "The report is too long for a comment. It is in [the summary of the job]($GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID)."
    fi
} > "$body"

not_written() {
    echo '::notice title=hallpass::The report was not added as a comment: in pull requests from forks, the token may not write one. See the summary of the job.'
    exit 0
}

# Only comments of a token like this one: every user may write a comment that starts with the marker.
comments=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" \
    --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$MARKER\"))) | .id") || not_written
comment=${comments%%$'\n'*}

if [[ -n $comment ]]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$comment" --field "body=@$body" || not_written
else
    gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --field "body=@$body" || not_written
fi
