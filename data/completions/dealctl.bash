# SPDX-License-Identifier: LGPL-2.1-or-later
# bash completion of dealctl: it says itself what may come next.
_dealctl ()
{
  local line part joined=
  local -a words=()

  # bash breaks words at = and :, which belong to them; what it replaces is the last piece only.
  for part in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ -n $joined || ( $part == [=:]* && ${#words[@]} -gt 0 ) ]]; then
      words[${#words[@]}-1]+=$part
      joined=
      [[ $part == [=:] ]] && joined=yes
    else
      words+=("$part")
    fi
  done

  local word="${words[${#words[@]}-1]}" piece="${COMP_WORDS[COMP_CWORD]}"
  [[ $piece == [=:] ]] && piece=
  local before="${word%"$piece"}" value="$word"
  [[ $word == --*=* ]] && value="${word#*=}"

  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files)
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$value")
        ;;
      ?*)
        line="${line%%$'\t'*}"
        # The value of a path is still to come.
        [[ $line == *[=.] ]] && compopt -o nospace 2>/dev/null
        COMPREPLY+=("${line#"$before"}")
        ;;
    esac
  done < <("${COMP_WORDS[0]}" complete -- "${words[@]}" 2>/dev/null)
}
complete -F _dealctl dealctl
