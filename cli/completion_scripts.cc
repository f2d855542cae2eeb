#include "cli/completion_scripts.h"

#include <fmt/format.h>

#include "engine/base/strings.h"

namespace viasync::cli {
namespace {

// In single quotes, which bash and zsh read alike.
std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// fish knows two escapes inside of them.
std::string FishQuoted(std::string_view text) {
  std::string quoted = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string Joined(const std::vector<std::string>& words) { return base::Join(words, " "); }

// `plan:--format|plan:-f`: where a value of this option is due.
std::string ValuePattern(const CompletedCommand& command, const CompletedOption& option) {
  std::vector<std::string> patterns;
  for (const auto& name : option.names) {
    patterns.push_back((command.path.empty() ? "*" : Quoted(command.path)) + ":" + name);
  }
  return base::Join(patterns, "|");
}

// A case statement that runs `_viasync_choices WORDS`, `_viasync_values WHAT`, `folders` or
// `files`, and returns, where the word before wants a value.
std::string ValueCases(std::span<const CompletedCommand> commands, std::string_view folders,
                       std::string_view files) {
  std::string text;
  for (const auto& command : commands) {
    for (const auto& option : command.options) {
      if (!option.takes_value) continue;
      std::string run = option.takes_folder ? std::string(folders) : std::string(files);
      if (!option.choices.empty()) run = "_viasync_choices " + Quoted(Joined(option.choices));
      if (!option.looks_up.empty()) {
        run = "_viasync_values " + option.looks_up;
        if (!option.choices.empty()) run += " " + Quoted(Joined(option.choices));
      }
      text += fmt::format("    {}) {}; return ;;\n", ValuePattern(command, option), run);
    }
  }
  return text;
}

// The words that lead to another command, as `path/word` patterns.
std::string PathPatterns(std::span<const CompletedCommand> commands) {
  std::vector<std::string> patterns;
  for (const auto& command : commands) {
    if (!command.path.empty()) patterns.push_back(Quoted(command.path));
  }
  return base::Join(patterns, "|");
}

std::vector<std::string> OptionNames(const CompletedCommand& command) {
  std::vector<std::string> names;
  for (const auto& option : command.options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

}  // namespace

std::string BashCompletion(std::span<const CompletedCommand> commands) {
  std::string words;
  for (const auto& command : commands) {
    std::vector<std::string> all = command.words;
    for (const auto& [name, help] : command.subcommands) all.push_back(name);
    words += fmt::format("    {}) words={} options={} values={} ;;\n", Quoted(command.path),
                         Quoted(Joined(all)), Quoted(Joined(OptionNames(command))),
                         Quoted(command.looks_up));
  }
  return fmt::format(
      R"(# bash completion of viasync, made by `viasync completion bash`
_viasync() {{
  local typed=() place=() word before path= words= options= values= i piece
  # bash breaks `--format=te` and keys with colons into pieces: here they are one word again.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    piece=${{COMP_WORDS[i]}}
    if ((${{#typed[@]}})) && [[ $piece == [=:@]* || ${{typed[-1]}} == *[=:] || ${{typed[-1]}} == *?@ ]] &&
        _viasync_joined "${{typed[-1]}}$piece"; then
      typed[-1]+=$piece
    else
      typed+=("$piece")
    fi
  done
  word=${{typed[-1]}} before=
  if ((${{#typed[@]}} > 1)); then before=${{typed[-2]}}; fi
  for ((i = 0; i < ${{#typed[@]}} - 1; i++)); do
    case "${{typed[i]}}" in
    -e|--env|-C|--directory)  # but not the one that is being typed
      ((i + 2 < ${{#typed[@]}})) && place+=("${{typed[i]}}" "${{typed[i+1]}}")
      ((i++)); continue ;;
    --env=*|--directory=*) place+=("${{typed[i]}}") ;;
    esac
    case "${{path:+$path }}${{typed[i]}}" in
    {}) path="${{path:+$path }}${{typed[i]}}" ;;
    esac
  done
  if [[ $word == --*=* ]]; then before=${{word%%=*}} word=${{word#*=}}; fi
  case "$path:$before" in
{}  esac
  case "$path" in
{}  esac
  if [[ $word == -* ]]; then
    _viasync_choices "$options "{}
  elif [[ $values ]]; then
    _viasync_values "$values" "$words"
  elif [[ $words ]]; then
    _viasync_choices "$words"
  else
    _viasync_paths -f
  fi
}}
# Whether the pieces stand together in the line; without a line (in tests) they do.
_viasync_joined() {{ [[ -z ${{COMP_LINE-}} || $COMP_LINE == *"$1"* ]]; }}
# Never by compgen -W: it would carry out what stands in a name.
_viasync_offer() {{
  local broken=${{word%"${{word##*[=:@]}}"}} reply
  [[ $1 == "$word"* ]] || return 0
  printf -v reply %q "${{1#"$broken"}}"
  COMPREPLY+=("$reply")
}}
_viasync_choices() {{
  local choice
  COMPREPLY=()
  for choice in $1; do _viasync_offer "$choice"; done
}}
_viasync_values() {{
  local value
  _viasync_choices "${{2-}}"
  while IFS= read -r value; do
    _viasync_offer "$value"
  done < <(viasync "${{place[@]}}" completion --values "$1" 2>/dev/null)
}}
_viasync_paths() {{
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
}}
complete -F _viasync viasync
)",
      PathPatterns(commands), ValueCases(commands, "_viasync_paths -d", "_viasync_paths -f"), words,
      Quoted(Joined(OptionNames(commands.front()))));
}

std::string ZshCompletion(std::span<const CompletedCommand> commands) {
  // `name:help`, where a colon in the help would be taken for another separator.
  auto described = [](const std::string& name, std::string help) {
    return " " + Quoted(name + ":" + help);
  };
  auto options_of = [&](const CompletedCommand& command) {
    std::string text;
    for (const auto& option : command.options) {
      for (const auto& name : option.names) text += described(name, option.help);
    }
    return text;
  };
  std::string cases;
  for (const auto& command : commands) {
    std::string words;
    for (const auto& word : command.words) words += " " + Quoted(word);
    for (const auto& [name, help] : command.subcommands) words += described(name, help);
    cases +=
        fmt::format("    {}) words_here=({} ) options=({} ) values={} ;;\n", Quoted(command.path),
                    words, options_of(command), Quoted(command.looks_up));
  }
  return fmt::format(R"zsh(#compdef viasync
# zsh completion of viasync, made by `viasync completion zsh`
_viasync() {{
  local at= before=${{words[CURRENT-1]}} i values=
  local -a words_here options place
  _viasync_choices() {{ compadd -- ${{=1}} }}
  _viasync_values() {{
    local -a found
    found=(${{(f)"$(viasync $place completion --values $1 2>/dev/null)"}})
    compadd -- ${{=2}} $found
  }}
  if [[ ${{words[CURRENT]}} == --*=* ]]; then
    before=${{words[CURRENT]%%=*}}
    compset -P '*='
  fi
  for ((i = 2; i < CURRENT; i++)); do
    case "${{words[i]}}" in
    -e|--env|-C|--directory)
      (( i + 1 < CURRENT )) && place+=("${{words[i]}}" "${{words[i+1]}}")
      ((i++)); continue ;;
    --env=*|--directory=*) place+=("${{words[i]}}") ;;
    esac
    case "${{at:+$at }}${{words[i]}}" in
    {}) at="${{at:+$at }}${{words[i]}}" ;;
    esac
  done
  case "$at:$before" in
{}  esac
  case "$at" in
{}  esac
  if [[ ${{words[CURRENT]}} == -* ]]; then
    options+=({} )
    _describe option options
  elif [[ -n $values ]]; then
    _viasync_values $values
  elif (( ${{#words_here}} )); then
    _describe command words_here
  else
    _files
  fi
}}
if [[ ${{funcstack[1]}} == _viasync ]]; then _viasync "$@"; else compdef _viasync viasync; fi
)zsh",
                     PathPatterns(commands), ValueCases(commands, "_files -/", "_files"), cases,
                     options_of(commands.front()));
}

std::string FishCompletion(std::span<const CompletedCommand> commands) {
  std::string text =
      "# fish completion of viasync, made by `viasync completion fish`\n"
      "function __viasync_values\n"
      "  set -l place\n"
      "  set -l typed (commandline -opc)\n"
      "  for i in (seq 2 (count $typed))\n"
      "    if contains -- $typed[$i] -e --env -C --directory; and test $i -lt (count $typed)\n"
      "      set -a place $typed[$i] $typed[(math $i + 1)]\n"
      "    end\n"
      "  end\n"
      "  viasync $place completion --values $argv[1] 2>/dev/null\n"
      "end\n";
  for (const auto& command : commands) {
    std::string seen;
    for (auto word : base::Split(command.path, ' ')) {
      if (word.empty()) continue;
      seen += (seen.empty() ? "" : "; and ") + fmt::format("__fish_seen_subcommand_from {}", word);
    }
    std::vector<std::string> names;
    for (const auto& [name, help] : command.subcommands) names.push_back(name);
    if (!names.empty()) {
      std::string here = (seen.empty() ? "" : seen + "; and ") +
                         fmt::format("not __fish_seen_subcommand_from {}", Joined(names));
      for (const auto& [name, help] : command.subcommands) {
        text += fmt::format("complete -c viasync -f -n {} -a {} -d {}\n", FishQuoted(here), name,
                            FishQuoted(help));
      }
    }
    std::string condition = seen.empty() ? "" : " -n " + FishQuoted(seen);
    if (!command.looks_up.empty()) {
      text += fmt::format("complete -c viasync -f{} -a '(__viasync_values {})'\n", condition,
                          command.looks_up);
    }
    if (!command.words.empty()) {
      text += fmt::format("complete -c viasync -f{} -a {}\n", condition,
                          FishQuoted(Joined(command.words)));
    }
    for (const auto& option : command.options) {
      text += "complete -c viasync" + condition;
      for (const auto& name : option.names) {
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (option.takes_folder)
        text += " -x -a '(__fish_complete_directories)'";
      else if (!option.looks_up.empty())
        text += " -x -a " +
                FishQuoted("(__viasync_values " + option.looks_up + ") " + Joined(option.choices));
      else if (!option.choices.empty())
        text += " -x -a " + FishQuoted(Joined(option.choices));
      else if (option.takes_value)
        text += " -r";
      text += " -d " + FishQuoted(option.help) + "\n";
    }
  }
  return text;
}

}  // namespace viasync::cli
