#include "cli/package/man_pages.h"

#include <fmt/format.h>

#include "cli/args_help.h"
#include "engine/base/strings.h"

namespace viasync::package {
namespace {

// Text as roff prints it: what it would take for a command or draw differently is written out.
std::string Escaped(std::string_view text) {
  std::string roff;
  if (text.starts_with('.') || text.starts_with('\'')) roff += "\\&";
  for (char c : text) {
    switch (c) {
      case '\\':
        roff += "\\e";
        break;
      case '-':
        roff += "\\-";
        break;
      case '\'':
        roff += "\\(aq";
        break;
      case '`':
        roff += "\\(ga";
        break;
      case '"':
        roff += "\\(dq";
        break;
      case '~':
        roff += "\\(ti";
        break;
      case '^':
        roff += "\\(ha";
        break;
      default:
        roff += c;
    }
  }
  return roff;
}

std::string Upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

// `viasync-jobs-list`
std::string NameOf(const cli::Args& args) {
  std::string name = args.program().name();
  const std::string path = args.path();  // Split looks into it
  for (auto word : base::Split(path, ' ')) {
    if (!word.empty()) name += "-" + std::string(word);
  }
  return name;
}

std::string Heading(const std::string& heading) {
  return ".SH \"" + Escaped(Upper(heading)) + "\"\n";
}

std::string Term(const std::string& term, const std::string& text) {
  return ".TP\n\\fB" + Escaped(term) + "\\fR\n" + Escaped(text) + "\n";
}

// Lines that begin with a blank are a table or commands, and stay as they are.
std::string Notes(const std::string& footer) {
  std::string text = Heading("Notes");
  bool as_it_is = false, first = true;
  for (auto line : base::Split(footer, '\n')) {
    if (line.empty()) continue;
    const bool indented = line.starts_with(' ');
    if (as_it_is && !indented) text += ".fi\n";
    if (!indented && !first) text += ".PP\n";
    if (!as_it_is && indented) text += ".nf\n";
    as_it_is = indented;
    first = false;
    text += Escaped(line) + "\n";
  }
  return text + (as_it_is ? ".fi\n" : "");
}

std::string SeeAlso(const cli::Args& args) {
  std::vector<std::string> names;
  if (args.parent() != nullptr) names.push_back(NameOf(*args.parent()));
  for (const auto* below : args.commands()) names.push_back(NameOf(*below));
  if (names.empty()) return {};
  std::string text = Heading("See also");
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format(".BR {} (1){}\n", Escaped(names[i]), i + 1 < names.size() ? "," : "");
  }
  return text;
}

std::string PageText(const cli::Args& args, std::string_view tool, std::string_view date) {
  const cli::HelpPage page = cli::HelpPageOf(args);
  std::string text = fmt::format(".TH \"{}\" 1 \"{}\" \"{}\" \"viasync manual\"\n",
                                 Escaped(Upper(NameOf(args))), date, Escaped(tool));
  text += ".nh\n.ad l\n";  // no word is broken: most could be typed
  text += Heading("Name") + Escaped(NameOf(args)) + " \\- " + Escaped(args.help()) + "\n";
  text += Heading("Synopsis") + Escaped(page.usage) + "\n";
  for (const auto& [heading, rows] : page.sections) {
    text += Heading(heading);
    for (const auto& [term, help] : rows) text += Term(term, help);
  }
  if (!args.examples().empty()) text += Heading("Examples");
  for (const auto& [line, what] : args.examples()) text += Term(line, what);
  if (!args.footer().empty()) text += Notes(args.footer());
  return text + SeeAlso(args);
}

void Add(const cli::Args& args, std::string_view tool, std::string_view date,
         std::vector<ManPage>& pages) {
  pages.push_back({NameOf(args) + ".1", PageText(args, tool, date)});
  for (const auto* below : args.commands()) Add(*below, tool, date, pages);
}

}  // namespace

std::vector<ManPage> ManPages(const cli::Args& program, std::string_view tool,
                              std::string_view date) {
  std::vector<ManPage> pages;
  Add(program, tool, date, pages);
  return pages;
}

}  // namespace viasync::package
