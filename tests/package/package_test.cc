// What people install, taken apart: the Debian package and the tarball as the build made them.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "tests/cli/shell.h"

namespace viasync {
namespace {

using cli::NewFolder;
using cli::Read;
using cli::Write;

std::string At(const std::string& path) { return std::filesystem::absolute(path).string(); }

std::string Deb() { return At("cli/package/viasync.deb"); }

// What a bash command prints. It must succeed.
std::string Out(const std::string& folder, const std::string& command) {
  auto ran = cli::Shell(folder, "set -euo pipefail; " + command);
  REQUIRE_MESSAGE(ran.exit_code == 0, command << "\n" << ran.text);
  while (ran.text.ends_with('\n')) ran.text.pop_back();
  return ran.text;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The package and the tarball, unpacked once: `deb/usr/…`, `tar/viasync-…/…`.
const std::string& Unpacked() {
  static const std::string folder = [] {
    std::string path = NewFolder();
    Out(path, "mkdir tar; dpkg-deb -x '" + Deb() + "' deb; tar -xzf '" +
                  At("cli/package/viasync.tar.gz") + "' -C tar");
    return path;
  }();
  return folder;
}

std::string Version() {
  return Out(NewFolder(), "viasync version | sed 's/^viasync \\([^ ]*\\) .*/\\1/'");
}

std::string Field(const std::string& name) {
  return Out(NewFolder(), "dpkg-deb -f '" + Deb() + "' " + name);
}

std::string Tree() { return Unpacked() + "/tar/viasync-" + Version(); }

// The sources of the packages in a folder of their own, as another clone would have them.
std::string OtherClone() {
  std::string folder = NewFolder() + "/a/deeper/place";
  Out(NewFolder(), "mkdir -p '" + folder + "'; cd '" + At(".") +
                       "'; cp -rL --parents cli/package schemas/*.json testdata/acme "
                       "testdata/orgs.json CHANGELOG.md '" +
                       folder + "'");
  return folder;
}

// The command that makes a package once more, with the time of the one that was built.
std::string Again(const std::string& script, const std::string& out, const std::string& binary) {
  return "SOURCE_DATE_EPOCH=$(stat -c %Y '" + Unpacked() + "/deb/usr/bin/viasync') cli/package/" +
         script + " " + out + " '" + At(binary) + "' '" + At("cli/package/write_man_pages") + "'";
}

}  // namespace

TEST_CASE("every command has a man page, and no page makes a formatter complain") {
  std::size_t pages = 0;
  const std::string folder = Unpacked() + "/deb/usr/share/man/man1";
  // Of several packed files mandoc 1.14 unpacks the first alone.
  CHECK(Out(folder, "gunzip -k *.gz; mandoc -T lint -W warning *.1; rm *.1") == "");
  std::function<void(const cli::Args&)> visit = [&](const cli::Args& args) {
    std::string name = "viasync";
    for (char c : args.path().empty() ? "" : " " + args.path()) name += c == ' ' ? '-' : c;
    CAPTURE(name);
    std::string shown = Out(folder, "mandoc -T ascii -O width=500 " + name + ".1.gz | col -b");
    CHECK(shown.find(args.help()) != std::string::npos);
    for (const auto& option : args.options()) {
      CHECK_MESSAGE(shown.find(option.label) != std::string::npos, option.label);
    }
    ++pages;
    for (const auto* below : args.commands()) visit(*below);
  };
  const cli::Program program;
  visit(program.args);
  CHECK(pages == Lines(Out(folder, "ls")).size());
  CHECK(pages > 40);
}

TEST_CASE("the package holds the program, completions, schemas, examples and its papers") {
  const std::string usr = Unpacked() + "/deb/usr/";
  CHECK(Read(usr + "share/bash-completion/completions/viasync") ==
        Out(usr, "viasync completion bash") + "\n");
  CHECK(Read(usr + "share/zsh/vendor-completions/_viasync").starts_with("#compdef viasync\n"));
  CHECK(Read(usr + "share/fish/vendor_completions.d/viasync.fish") ==
        Out(usr, "viasync completion fish") + "\n");
  CHECK(Out(At("schemas"), "for file in *.json; do cmp $file " + usr +
                               "share/viasync/schemas/$file; done; ls *.json | wc -l") ==
        Out(usr, "ls share/viasync/schemas | wc -l"));
  CHECK(Out(usr, "viasync validate -C share/doc/viasync/examples/acme")
            .ends_with("The files are valid."));
  CHECK(Read(usr + "share/doc/viasync/copyright").find("Copyright:") != std::string::npos);
  CHECK(Out(usr, "file -b bin/viasync").find(", stripped") != std::string::npos);
  CHECK(Out(usr, "zcat share/doc/viasync/changelog.gz | dpkg-parsechangelog -l - -S Version") ==
        Version());
}

TEST_CASE("lintian finds nothing wrong with the package") {
  CHECK(Out(NewFolder(), "lintian --allow-root --fail-on error,warning '" + Deb() + "'") == "");
}

TEST_CASE("the package depends on every shared library that the program loads") {
  const auto depends =
      Lines(Out(NewFolder(), "dpkg-deb -f '" + Deb() +
                                 "' Depends | sed 's/([^)]*)//g' | tr -d ' ' | tr , '\\n'"));
  auto needed =
      Lines(Out(Unpacked(), "objdump -p deb/usr/bin/viasync | awk '/NEEDED/ {print $2}'"));
  CHECK(needed.size() > 10);
  for (const auto& library : needed) {
    // The package that holds it, and the names that this one stands for.
    auto names = Lines(Out(
        Unpacked(),
        "p=$(ldd deb/usr/bin/viasync | sed -nE 's|^\\s*(.* => )?(/.*) \\(.*|\\2|p' | "
        "grep '/" +
            library +
            "$'); r=$(readlink -f $p); "
            "n=$({ dpkg-query -S $r 2>/dev/null || dpkg-query -S ${r#/usr}; } | sed 's/:.*//'); "
            "echo $n; dpkg-query -W -f='${Provides}' $n | sed 's/([^)]*)//g' | tr -d ' ' | "
            "tr , '\\n'"));
    CHECK_MESSAGE(std::ranges::any_of(names,
                                      [&](const auto& name) {
                                        return std::ranges::find(depends, name) != depends.end();
                                      }),
                  library);
  }
}

TEST_CASE("there is one version, and everything names it") {
  const std::string version = Version();
  CHECK(Field("Version") == version);
  CHECK(Out(Unpacked(), "ls tar") == "viasync-" + version);
  CHECK(Out(Tree(), "bin/viasync version") == Out(Tree(), "viasync version"));
  CHECK(Out(Unpacked(), "zcat deb/usr/share/man/man1/viasync.1.gz | head -1").find(version) !=
        std::string::npos);
  CHECK(nlohmann::json::parse(
            Read(Tree() + "/viasync.cdx.json"))["metadata"]["component"]["version"] == version);
}

TEST_CASE("the same sources in another folder give the same bytes") {
  const std::string clone = OtherClone();
  Out(clone, Again("deb.sh", "again.deb", "cli/viasync"));
  Out(clone, "cmp again.deb '" + Deb() + "'");
  Out(clone, Again("tarball.sh", "again.tar.gz", "cli/package/portable"));
  Out(clone, "cmp again.tar.gz '" + At("cli/package/viasync.tar.gz") + "'");
}

TEST_CASE("the tarball brings every library but the C library, and runs with nothing else") {
  CHECK(Out(Tree(), "env -i bin/viasync version").starts_with("viasync "));
  // What does not lie beside it, as the loader of the program sees it: glibc and nothing else.
  const std::string foreign = Out(
      Tree(), "env -i ldd bin/viasync | sed -nE 's|.* => (/\\S*) .*|\\1|p' | grep -v '^" + Tree() +
                  "/' | xargs readlink -f | while read -r r; do dpkg-query -S $r 2>/dev/null || "
                  "dpkg-query -S ${r#/usr}; done | sed 's/:.*//' | sort -u");
  CHECK(foreign == "libc6");
  // Nothing asks for a symbol that glibc 2.36 lacks.
  CHECK(Out(Tree(),
            "v=$(objdump -T bin/viasync lib/* | grep -o 'GLIBC_2[.0-9]*' | sort -uV | tail -1); "
            "printf '%s\\n' $v GLIBC_2.36 | sort -V | tail -1") == "GLIBC_2.36");
  CHECK(Out(Tree(), "sha256sum --quiet -c SHA256SUMS") == "");
}

TEST_CASE("the bill of materials names the package and version of every library") {
  auto bill = nlohmann::json::parse(Read(Tree() + "/viasync.cdx.json"));
  CHECK(bill["bomFormat"] == "CycloneDX");
  std::size_t files = 0;
  std::string names;
  for (const auto& component : bill["components"])
    names += " " + component["name"].get<std::string>();
  // `package=version`, once for each package, whatever its architectures are.
  const std::string installed =
      "\n" + Out(Tree(), "dpkg-query -W -f='${Package}=${Version}\n'" + names) + "\n";
  for (const auto& component : bill["components"]) {
    const auto name = component["name"].get<std::string>();
    CAPTURE(name);
    const auto version = component["version"].get<std::string>();
    CHECK(installed.find("\n" + name + "=" + version + "\n") != std::string::npos);
    CHECK(std::filesystem::exists(Tree() + "/share/doc/licenses/" + name));
    for (const auto& file : component.value("components", nlohmann::json::array())) {
      const auto path = file["name"].get<std::string>();
      CHECK(Out(Tree(), "sha256sum " + path + " | cut -d' ' -f1") == file["hashes"][0]["content"]);
      ++files;
    }
  }
  CHECK(files == Lines(Out(Tree(), "ls lib")).size());
  CHECK(files > 40);
}

TEST_CASE("the changelog has the form of keepachangelog.com, and changes need a new version") {
  const std::regex form(
      R"(## \[Unreleased\]|## \[\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?\] - \d{4}-\d\d-\d\d)"
      R"(|### (Added|Changed|Deprecated|Removed|Fixed|Security))");
  for (const auto& line : Lines(Read("CHANGELOG.md"))) {
    if (!line.starts_with("## ") && !line.starts_with("### ")) continue;
    CHECK_MESSAGE(Out(NewFolder(),
                      "grep -cE '^(## \\[Unreleased\\]|## \\[[0-9]+\\.[0-9]+\\.[0-9]+"
                      "(-[0-9A-Za-z.-]+)?\\] - [0-9]{4}-[0-9]{2}-[0-9]{2}|### (Added|"
                      "Changed|Deprecated|Removed|Fixed|Security))$' <<<'" +
                          line + "' || true") == "1",
                  line);
  }
  const std::string folder = NewFolder();
  Write(folder + "/CHANGELOG.md",
        "## [Unreleased]\n\n### Added\n- A thing\n  of two lines.\n\n"
        "## [1.2.0-rc.1] - 2026-01-02\n\n### Fixed\n- Another.\n");
  auto convert = [&](const std::string& version) {
    return cli::Shell(folder,
                      "TZ=UTC LC_ALL=C awk -v version=" + version +
                          " -v date='Thu, 01 Jan 2026 00:00:00 +0000' -v maintainer='a <b>' "
                          "-f '" +
                          At("cli/package/debian_changelog.awk") + "' CHANGELOG.md");
  };
  CHECK(convert("1.2.0").text ==
        "viasync (1.2.0) stable; urgency=medium\n\n  [ Added ]\n  * A thing of two lines.\n\n"
        " -- a <b>  Thu, 01 Jan 2026 00:00:00 +0000\n\n"
        "viasync (1.2.0~rc.1) stable; urgency=medium\n\n  [ Fixed ]\n  * Another.\n\n"
        " -- a <b>  Fri, 02 Jan 2026 00:00:00 +0000\n");
  auto refused = convert("1.2.0-rc.1");
  CHECK(refused.exit_code == 1);
  CHECK(refused.text.find("raise the version") != std::string::npos);
}

}  // namespace viasync
