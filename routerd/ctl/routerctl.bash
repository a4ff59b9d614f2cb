# Completion of routerctl for bash. Ids of queues, agents and contacts are asked of the daemon that the
# command line or ROUTERD_ADDRESS names; without one they are left to the user.

_routerctl_commands='status queues agents contacts watch events submit agent contact queue policy'
_routerctl_global='--help --version --address --timeout --json --domain --client --actor'
_routerctl_agent_states='on_contact held connecting offered wrap_up ready not_ready not_responding logged_out'
_routerctl_contact_states='scheduled queued offered connecting assigned wrap_up'

# _routerctl_ids LIST: the ids in one of the daemon's lists.
_routerctl_ids() {
  local -a address=()
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == --address ]] && address=(--address "${COMP_WORDS[i + 1]}")
  done
  "${COMP_WORDS[0]}" "$1" --ids --timeout 1s "${address[@]}" 2>/dev/null
}

# Options that are followed by a value.
_routerctl_valued=' --address --timeout --domain --client --actor --group --state --queue --channel --agent
  --interval --count --from --id --priority --skill --attribute --customer-key --related --live --in --age
  --reason --comment --expect --output -o '
_routerctl_valued=${_routerctl_valued//$'\n'/ }

# The values that are known of the option $1.
_routerctl_values() {
  case $1 in
    --queue) _routerctl_ids queues ;;
    --agent) _routerctl_ids agents ;;
    --live) echo yes no ;;
    --state)
      if [[ $command == agents ]]; then echo "$_routerctl_agent_states"; else echo "$_routerctl_contact_states"; fi
      ;;
  esac
}

# What may stand at place $position (from 0) after the command $command, options aside.
_routerctl_argument() {
  case "$command $position" in
    'queues 0') _routerctl_ids queues ;;
    'agents 0') _routerctl_ids agents ;;
    'contacts 0') _routerctl_ids contacts ;;
    'agent 0') echo set-state set-skills ;;
    'contact 0') echo set-priority move withdraw ;;
    'queue 0') echo set-mode ;;
    'policy 0') echo check apply get ;;
    'agent set-state 0' | 'agent set-skills 0') _routerctl_ids agents ;;
    'agent set-state 1') echo ready not_ready logged_out ;;
    'contact set-priority 0' | 'contact move 0' | 'contact withdraw 0') _routerctl_ids contacts ;;
    'contact move 1' | 'queue set-mode 0') _routerctl_ids queues ;;
    'queue set-mode 1') echo open closed emergency ;;
  esac
}

_routerctl_options() {
  case $command in
    queues) echo --ids ;;
    agents) echo --ids --group --state ;;
    contacts) echo --ids --queue --channel --agent --state ;;
    watch) echo --queues --agents --domain --lines --interval --count ;;
    events) echo --from --follow --count ;;
    submit) echo --id --channel --queue --priority --skill --attribute --customer-key --related --live --in --age ;;
    'agent set-state') echo --reason ;;
    'agent set-skills') echo --none --from-policy ;;
    'queue set-mode') echo --from-policy ;;
    'policy apply') echo --comment --expect ;;
    'policy get') echo --output ;;
  esac
}

_routerctl() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' position=0 i current
  # Which command it is, and how many of its arguments are there already.
  for ((i = 1; i < COMP_CWORD; i++)); do
    current=${COMP_WORDS[i]}
    if [[ $_routerctl_valued == *" $current "* ]]; then
      ((i++))
    elif [[ $current == -* ]]; then
      continue
    elif [[ -z $command ]]; then
      command=$current
    elif [[ $position -eq 0 && $command =~ ^(agent|contact|queue|policy)$ ]]; then
      command+=" $current"
    else
      ((position++))
    fi
  done
  COMPREPLY=()
  if [[ $previous == --output || $previous == -o || ($word != -* && $command == 'policy check') ||
    ($word != -* && $command == 'policy apply' && $position -eq 0) ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  elif [[ $_routerctl_valued == *" $previous "* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_routerctl_values "$previous")" -- "$word")
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$_routerctl_global $(_routerctl_options)" -- "$word")
  elif [[ -z $command ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$_routerctl_commands" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -W "$(_routerctl_argument)" -- "$word")
  fi
}

complete -F _routerctl routerctl
