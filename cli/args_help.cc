#include "cli/args_help.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/strings.h"

namespace viasync::cli {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kIndent = 2;
constexpr std::size_t kLeftMax = 26;  // a longer left side has a line of its own

using Rows = HelpPage::Rows;

// `text` in lines of at most `columns`, broken at blanks.
std::vector<std::string> Wrapped(const std::string& text, std::size_t columns) {
  std::vector<std::string> lines(1);
  for (auto word : base::Split(text, ' ')) {
    auto& line = lines.back();
    const std::size_t with = line.size() + (line.empty() ? 0 : 1) + word.size();
    if (line.empty() || with <= columns) {
      line += (line.empty() ? "" : " ") + std::string(word);
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

std::string SectionText(const std::string& heading, const Rows& rows) {
  std::size_t left = 0;
  for (const auto& [name, help] : rows) {
    if (name.size() <= kLeftMax) left = std::max(left, name.size());
  }
  const std::string indent(kIndent, ' ');
  const std::string column(kIndent + left + 2, ' ');
  std::string text = "\n" + heading + ":\n";
  for (const auto& [name, help] : rows) {
    std::string line = indent + name;
    if (name.size() > left) {
      text += line + "\n";
      line.clear();
    }
    for (const auto& part : Wrapped(help, kColumns - column.size())) {
      line.resize(column.size(), ' ');
      text += line + part + "\n";
      line.clear();
    }
  }
  return text;
}

std::string UsageOf(const Args& args) {
  std::string usage = args.program().name();
  if (auto path = args.path(); !path.empty()) usage += " " + path;
  usage += " [OPTIONS]";
  for (const auto& option : args.options()) {
    if (!option.names.empty()) continue;
    const std::string word = option.label + (option.repeats ? "..." : "");
    usage += option.required ? " " + word : " [" + word + "]";
  }
  if (!args.commands().empty()) usage += args.command_required() ? " COMMAND" : " [COMMAND]";
  return usage;
}

std::string Notes(const OptionFacts& option) {
  std::string notes;
  auto add = [&](const std::string& note) { notes += (notes.empty() ? "" : "; ") + note; };
  if (option.required) add("required");
  if (!option.preset.empty()) add("default: " + option.preset);
  if (option.repeats && !option.names.empty()) add("may be repeated");
  return notes.empty() ? notes : " (" + notes + ")";
}

Rows OptionRows(const Args& args, bool positional) {
  Rows rows;
  for (const auto& option : args.options()) {
    if (option.names.empty() != positional) continue;
    std::string left = option.label;
    for (const auto& name : option.names) {
      if (name == option.label) continue;
      left = name.starts_with("--") ? left + ", " + name : name + ", " + left;
    }
    if (!option.value.empty() && !positional) left += " " + option.value;
    rows.emplace_back(std::move(left), option.help + Notes(option));
  }
  return rows;
}

std::vector<HelpPage::Section> CommandSections(const Args& args) {
  std::vector<HelpPage::Section> sections;
  for (const auto* command : args.commands()) {
    const std::string heading = command->group().empty() ? "Commands" : command->group();
    auto section = std::ranges::find(sections, heading, &HelpPage::Section::heading);
    if (section == sections.end()) section = sections.insert(section, {heading, {}});
    section->rows.emplace_back(command->name(), command->help());
  }
  return sections;
}

// Lines that are too long, broken at blanks; each keeps its indentation.
std::string Footer(const std::string& footer) {
  std::string text;
  for (auto line : base::Split(footer, '\n')) {
    const std::string indent(std::min(line.find_first_not_of(' '), line.size()), ' ');
    line.remove_prefix(indent.size());
    for (const auto& part : Wrapped(std::string(line), kColumns - indent.size())) {
      text += indent + part + "\n";
    }
  }
  return text;
}

}  // namespace

HelpPage HelpPageOf(const Args& args) {
  const bool program = args.path().empty();
  HelpPage page{.usage = UsageOf(args), .sections = CommandSections(args)};
  auto add = [&](const std::string& heading, Rows rows) {
    if (!rows.empty()) page.sections.push_back({heading, std::move(rows)});
  };
  add("Arguments", OptionRows(args, /*positional=*/true));
  if (!program) add("Options", OptionRows(args, /*positional=*/false));
  Rows everywhere = OptionRows(args.program(), /*positional=*/false);
  everywhere.emplace_back("-h, --help", "print this help");
  add(program ? "Options" : "Options of every command", std::move(everywhere));
  return page;
}

std::string HelpText(const Args& args) {
  std::string text;
  for (const auto& line : Wrapped(args.help(), kColumns)) text += line + "\n";
  const HelpPage page = HelpPageOf(args);
  text += "\nUsage: " + page.usage + "\n";
  for (const auto& [heading, rows] : page.sections) text += SectionText(heading, rows);
  if (!args.examples().empty()) text += "\nExamples:\n";
  for (const auto& [line, what] : args.examples()) text += "  " + line + "\n      " + what + "\n";
  if (!args.footer().empty()) text += "\n" + Footer(args.footer());
  return text;
}

}  // namespace viasync::cli
