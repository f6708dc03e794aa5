# SPDX-License-Identifier: Apache-2.0
# What ./check and ./demo share: numbered steps with the time that has passed, output kept in a log, one line on failure.
# The caller sets `steps` (their number) and `log_folder` before the first step.

step=0
step_name=
started=$SECONDS

elapsed() {
    local seconds=$((SECONDS - started))
    printf '%d:%02d' $((seconds / 60)) $((seconds % 60))
}

# fail CAUSE: the one line that names why a run ended; `last_line`, when the caller has set it, still comes last.
fail() {
    [ -t 1 ] && printf '\r\033[K'
    echo "FAILED: $*" >&2
    [ -n "${last_line:-}" ] && echo "$last_line"
    exit 1
}

begin_step() {
    step=$((step + 1))
    step_name=$1
    echo "[$step/$steps $(elapsed)] $step_name"
}

# The running line while process $1 writes the log $2: on a terminal twice a second, else a sign of life once a minute.
watch_process() {
    local process=$1 log=$2 waited=0 line
    while kill -0 "$process" 2>/dev/null; do
        sleep 0.2
        waited=$((waited + 1))
        if [ -t 1 ]; then
            line=$(tail -c 400 "$log" 2>/dev/null | tr -d '\r' | grep -v '^$' | tail -1)
            printf '\r\033[K[%d/%d %s] %s' "$step" "$steps" "$(elapsed)" "${line:0:$((${COLUMNS:-100} - 20))}"
        elif [ $((waited % 300)) -eq 0 ]; then
            echo "[$step/$steps $(elapsed)] $step_name: still running"
        fi
    done
    [ -t 1 ] && printf '\r\033[K'
    return 0
}

# run_logged LOG-NAME COMMAND...: runs the command with its output in the log; returns its exit code.
run_logged() {
    local log=$log_folder/$1.log
    shift
    mkdir -p "$log_folder" || fail "cannot make the folder $log_folder"
    "$@" >"$log" 2>&1 </dev/null &
    local process=$!
    trap 'kill "$process" 2>/dev/null; wait "$process" 2>/dev/null; echo; echo "FAILED: interrupted in: $step_name" >&2; exit 130' INT TERM
    watch_process "$process" "$log"
    wait "$process"
    local code=$?
    trap - INT TERM
    return $code
}

# What of a log tells the cause: the compiler's errors where there are any, else its end.
show_cause() {
    grep -qE '(error|ERROR): ' "$1" && grep -E -A 3 '(error|ERROR): ' "$1" | head -n 40 || tail -n 30 "$1"
}

# must LOG-NAME COMMAND...: as run_logged, and ends the run with the log's tail when the command fails.
must() {
    run_logged "$@" && return 0
    show_cause "$log_folder/$1.log" >&2
    fail "$step_name: see $log_folder/$1.log"
}

install_packages() {
    begin_step 'packages'
    "$source_folder/script/setup" || fail 'packages: script/setup could not install what the build needs (its line above says why)'
}

# configure FOLDER LOG-NAME [VARIABLE=VALUE...] [-- OPTION...]: a build folder that was set up differently, or only half, is made anew.
configure() {
    local folder=$1 log=$2
    shift 2
    local environment=() wanted
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        environment+=("$1")
        shift
    done
    [ $# -gt 0 ] && shift
    wanted="$source_folder ${environment[*]} $*"
    if [ -f "$folder/build.ninja" ] && [ "$(cat "$folder/.configured" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    rm -rf "$folder"
    must "$log" env "${environment[@]}" meson setup "$folder" "$source_folder" "$@"
    echo "$wanted" >"$folder/.configured"
}
