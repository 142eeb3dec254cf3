# fish completion for limn-cli, which tells its commands and options itself.  SPDX-License-Identifier: GPL-3.0-or-later

function __limn_cli_commands
    limn-cli --help 2>/dev/null | string match -rg '^  ([a-z-]+  +[a-z].*)' | string replace -r ' +' \t
end

# Those that take a photo.
function __limn_cli_edits
    limn-cli --help 2>/dev/null | sed -nE '/^Commands:/,/^  batch/s/^  ([a-z-]+) .*/\1/p' | string match -rv '^(batch|sketch)$'
end

# Lines such as "  -m, --mask MASK    ..." become "--mask", a tab, and what it does.
function __limn_cli_options
    set -l words (commandline -opc)
    test (count $words) -gt 1; or return
    set -l help $words[2]
    test "$words[2]" = batch; and set -a help $words[3]
    limn-cli $help --help 2>/dev/null | string match -rg '^  (?:-[a-z], )?(--[a-z-]+)(?: [A-Za-z/+]+)?  +(.*)' | paste -d \t - -
end

complete -c limn-cli -n __fish_use_subcommand -f -a '(__limn_cli_commands)'
complete -c limn-cli -n '__fish_seen_subcommand_from batch; and test (count (commandline -opc)) = 2' -f -a '(__limn_cli_edits)'
complete -c limn-cli -n 'not __fish_use_subcommand; and string match -q -- "-*" (commandline -ct)' -f -a '(__limn_cli_options)'
