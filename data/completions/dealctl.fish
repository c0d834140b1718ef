# SPDX-License-Identifier: LGPL-2.1-or-later
# fish completion of dealctl: it says itself what may come next.
function __dealctl_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l word (commandline --current-token --cut-at-cursor)
    for line in ($words[1] complete -- $words[2..-1] "$word" 2>/dev/null)
        if test "$line" = :files
            set -l option (string match --regex '^--[^=]*=' -- "$word")
            for path in (__fish_complete_path (string replace --regex '^--[^=]*=' '' -- "$word"))
                echo "$option$path"
            end
        else
            echo $line
        end
    end
end
complete --command dealctl --no-files --arguments '(__dealctl_complete)'
