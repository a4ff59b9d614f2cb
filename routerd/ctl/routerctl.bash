# shellcheck shell=bash
# Completion of routerctl for bash. Ids of queues, agents and contacts are asked of the daemon that the
# command line or ROUTERD_ADDRESS names; without one they are left to the user.
#
# Ids are chosen outside and may hold whatever is printable, `$(…)` too. So they are compared and quoted,
# never expanded: no `compgen -W`, no `eval`. Nor is what stands on the line evaluated.

_routerctl_commands=(status queues agents contacts overrides watch events submit agent contact queue policy simulate journal)
_routerctl_global=(--help --version --address --timeout --json --domain --client --actor)
_routerctl_agent_states=(on_contact held connecting offered wrap_up ready not_ready not_responding logged_out)
_routerctl_contact_states=(scheduled queued offered connecting assigned wrap_up)

# Options that are followed by a value.
_routerctl_valued=' --address --timeout --domain --client --actor --group --state --queue --channel --agent'
_routerctl_valued+=' --interval --count --from --id --priority --skill --attribute --customer-key --related'
_routerctl_valued+=' --live --in --age --reason --comment --expect --output -o --for --to '
_routerctl_valued+='--policy --trace --workload --out --write-trace --seed --runs --short-abandon '

# Splits the text $1 as the shell would. COMP_WORDS will not do: bash cuts those at `:`, `=` and `@` too.
# Sets words, without their quotes; the last is the one being typed: raw is how it stands there, quote what
# it has left open.
_routerctl_split() {
  local text='' char i
  words=() raw='' quote=''
  for ((i = 0; i < ${#1}; i++)); do
    char=${1:i:1}
    case $quote$char in
      \\ | \"\\)
        char+=${1:i+1:1} i=$((i + 1))
        # In double quotes it stands for itself before any other character.
        if [[ $quote == '"' && $char != \\[\"\\\$\`] ]]; then text+=$char; else text+=${char:1}; fi
        ;;
      "''" | '""') quote='' ;;
      \' | \") quote=$char ;;
      [[:space:]])
        [[ -z $raw ]] || words+=("$text")
        text='' raw=''
        continue
        ;;
      *) text+=$char ;;
    esac
    raw+=$char
  done
  words+=("$text")
}

# What the text $1 stands for.
_routerctl_plain() {
  local -a words
  local raw quote
  _routerctl_split "$1"
  printf '%s' "${words[-1]}"
}

# Takes note of the option $1 with the value $2: which daemon to ask.
_routerctl_note() {
  case $1 in
    --address | --domain) daemon+=("$1" "$2") ;;
  esac
}

# Sets command and position, the number of its arguments before the word being typed; option when that word
# is an option's value, and lead to what stands before the value in the same word.
_routerctl_place() {
  local i current last=$((${#words[@]} - 1))
  for ((i = 1; i < last; i++)); do
    current=${words[i]}
    if [[ $current == --*=* ]]; then
      _routerctl_note "${current%%=*}" "${current#*=}"
    elif [[ $current == -* ]]; then
      # To watch, --domain is a part of the state and has no value.
      [[ $_routerctl_valued == *" $current "* && $command$current != watch--domain ]] || continue
      if ((++i == last)); then option=$current; else _routerctl_note "$current" "${words[i]}"; fi
    elif [[ -z $command ]]; then
      command=$current
    elif [[ $position -eq 0 && $command =~ ^(agent|contact|queue|policy|journal)$ ]]; then
      command+=" $current"
    else
      ((position++))
    fi
  done
  if [[ -z $option && ${words[last]} == --*=* ]]; then
    option=${words[last]%%=*}
    lead=$option=
  fi
}

# The ids in the daemon's list $1, one a line.
_routerctl_ids() {
  local program=${words[0]}
  [[ $program != \~/* ]] || program=$HOME/${program#*/}
  "$program" "$1" --ids --timeout 1s "${daemon[@]}" 2>/dev/null
}

# The values that are known of the option, one a line.
_routerctl_values() {
  case $option in
    --queue) _routerctl_ids queues ;;
    --agent) _routerctl_ids agents ;;
    --live) printf '%s\n' yes no ;;
    --state)
      case $command in
        agents) printf '%s\n' "${_routerctl_agent_states[@]}" ;;
        contacts) printf '%s\n' "${_routerctl_contact_states[@]}" ;;
      esac
      ;;
  esac
}

# What may stand at this position after the command, options aside; one a line.
_routerctl_arguments() {
  case "$command $position" in
    ' 0') printf '%s\n' "${_routerctl_commands[@]}" ;;
    'queues 0') _routerctl_ids queues ;;
    'agents 0') _routerctl_ids agents ;;
    'contacts 0') _routerctl_ids contacts ;;
    'agent 0') printf '%s\n' set-state set-skills ;;
    'contact 0') printf '%s\n' set-priority move withdraw ;;
    'queue 0') printf '%s\n' set-mode move ;;
    'policy 0') printf '%s\n' check apply get ;;
    'journal 0') printf '%s\n' verify stats dump tail copy ;;
    'agent set-state 0' | 'agent set-skills 0') _routerctl_ids agents ;;
    'agent set-state 1') printf '%s\n' ready not_ready logged_out ;;
    'contact set-priority 0' | 'contact move 0' | 'contact withdraw 0') _routerctl_ids contacts ;;
    'contact move 1' | 'queue set-mode 0' | 'queue move 0' | 'queue move 1') _routerctl_ids queues ;;
    'queue set-mode 1') printf '%s\n' open closed emergency ;;
  esac
}

# The options that may stand after the command, one a line.
_routerctl_options() {
  printf '%s\n' "${_routerctl_global[@]}"
  case $command in
    queues) printf '%s\n' --ids ;;
    agents) printf '%s\n' --ids --group --state ;;
    contacts) printf '%s\n' --ids --queue --channel --agent --state ;;
    watch) printf '%s\n' --queues --agents --domain --lines --interval --count ;;
    events) printf '%s\n' --from --follow --count ;;
    submit)
      printf '%s\n' --id --channel --queue --priority --skill --attribute --customer-key --related --live \
        --in --age
      ;;
    'agent set-skills') printf '%s\n' --none --from-policy --for ;;
    'agent set-state') printf '%s\n' --reason ;;
    'queue set-mode') printf '%s\n' --from-policy --for ;;
    'queue move') printf '%s\n' --stop ;;
    'policy apply') printf '%s\n' --comment --expect ;;
    'policy get') printf '%s\n' --output ;;
    'journal verify') printf '%s\n' --replay ;;
    'journal dump') printf '%s\n' --from --to ;;
    'journal tail') printf '%s\n' --from --count ;;
    simulate) printf '%s\n' --policy --trace --workload --out --write-trace --seed --runs --short-abandon ;;
  esac
}

# Offers the lines that begin with what is there already, quoted as the quotes around the word ask for.
_routerctl_offer() {
  local line
  while IFS= read -r line; do
    line=$lead$line
    [[ $line == "$word"* ]] || continue
    line=${line#"$head"}
    case $quote in
      # Inside quotes only what means itself there.
      \') [[ $line != *\'* ]] || continue ;;
      \") [[ $line != *[\"\\\$\`!]* ]] || continue ;;
      *) [[ -z $line ]] || printf -v line '%q' "$line" ;;
    esac
    COMPREPLY+=("$line")
  done
}

# The same with files; quoting them is readline's work.
_routerctl_offer_files() {
  local file
  compopt -o filenames 2>/dev/null
  while IFS= read -r file; do
    file=$lead$file
    COMPREPLY+=("${file#"$head"}")
  done < <(compgen -f -- "${word#"$lead"}")
}

_routerctl() {
  local -a words daemon=()
  local raw quote word head command='' position=0 option='' lead=''
  COMPREPLY=()
  _routerctl_split "${COMP_LINE:0:COMP_POINT}"
  word=${words[-1]}
  _routerctl_place
  # Of a word like 127.0.0.1:77 bash replaces only $2, the part behind the last character it cuts at. What
  # stands before it, the head, is compared, and not offered again.
  [[ $raw == *"$2" ]] || return 0
  head=$(_routerctl_plain "${raw%"$2"}")
  if [[ $option =~ ^(--output|-o|--policy|--trace|--workload|--out|--write-trace)$ ]]; then
    _routerctl_offer_files
  elif [[ -n $option ]]; then
    _routerctl_offer < <(_routerctl_values)
  elif [[ $word == -* ]]; then
    _routerctl_offer < <(_routerctl_options)
  elif [[ $command == 'policy check' || $command == 'policy apply' && $position -eq 0 ||
    $command == 'journal '* ]]; then
    _routerctl_offer_files
  else
    _routerctl_offer < <(_routerctl_arguments)
  fi
}

complete -F _routerctl routerctl
