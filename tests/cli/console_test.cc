#include <doctest/doctest.h>
#include <sys/stat.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>

#include "cli/ascii.h"
#include "cli/heartbeat.h"
#include "cli/hints.h"
#include "cli/root.h"

namespace viasync::cli {

TEST_CASE("signs become ASCII, and other letters their escapes") {
  CHECK(ToAscii("a → b … \"x\"\n") == "a -> b ... \"x\"\n");
  CHECK(ToAscii("0987••22 ██░ ─ – —") == "0987**22 ##. - - -");
  CHECK(ToAscii("Zürich \U0001F600") == "Z\\u00fcrich \\U0001f600");
  CHECK(ToAscii("cut \xE2\x80") == "cut \\xe2\\x80");
  CHECK(ToAscii("\x1b[31mred\x1b[0m") == "\x1b[31mred\x1b[0m");
  CHECK(ToAscii("\x80\xff") == "\\x80\\xff");
}

TEST_CASE("a character that is written in pieces is one character still") {
  std::ostringstream out;
  {
    AsciiOutput ascii(out);
    const std::string text = "a→b…ü";
    for (char c : text) out.put(c).flush();
    out << "→" << 7;
  }
  CHECK(out.str() == "a->b...\\u00fc->7");
  out << "→";  // as before, afterwards
  CHECK(out.str() == "a->b...\\u00fc->7→");
}

TEST_CASE("commands that are to be copied name the folder that was given") {
  constexpr std::string_view kCommands[] = {"plan", "jobs"};
  auto with = [&](std::string_view text) { return WithDirectory(text, " -C 'a b'", kCommands); };
  CHECK(with("run `viasync plan` again") == "run `viasync -C 'a b' plan` again");
  CHECK(with("viasync jobs list; viasync plan") ==
        "viasync -C 'a b' jobs list; viasync -C 'a b' plan");
  CHECK(with(with("viasync plan")) == with("viasync plan"));
  for (const char* other : {"viasync reads only files", "viasync planned", "viasync", "viasync ",
                            "/bin/viasync plan", "viasync --help", ""}) {
    CHECK(with(other) == other);
  }
  CHECK(WithDirectory("viasync plan", "", kCommands) == "viasync plan");
}

TEST_CASE("an output that fails has failed afterwards, too") {
  std::ostream broken(nullptr);
  {
    AsciiOutput ascii(broken);
    broken << "x";
  }
  CHECK(!broken);
}

TEST_CASE("ASCII is for a dumb terminal and for a locale that is named C") {
  struct Row {
    const char *term, *lc_all, *lc_ctype, *lang;
    bool ascii;
  };
  const Row rows[] = {
      {"", "", "", "", false},
      {"dumb", "", "", "", true},
      {"xterm", "C", "", "", true},
      {"xterm", "POSIX", "", "", true},
      {"xterm", "C.UTF-8", "", "", false},
      {"xterm", "", "", "C", true},
      {"xterm", "en_US.UTF-8", "C", "C", false},
      {"xterm", "", "C", "de_DE.UTF-8", true},
  };
  for (const auto& row : rows) {
    setenv("TERM", row.term, 1);
    setenv("LC_ALL", row.lc_all, 1);
    setenv("LC_CTYPE", row.lc_ctype, 1);
    setenv("LANG", row.lang, 1);
    CAPTURE(row.term);
    CAPTURE(row.lc_all);
    CAPTURE(row.lang);
    CHECK(WantsAscii() == row.ascii);
  }
}

TEST_CASE("a heartbeat beats until its end") {
  std::mutex mutex;
  std::condition_variable beaten;
  int beats = 0;
  {
    Heartbeat heartbeat(
        [&](std::chrono::seconds) {
          std::lock_guard lock(mutex);
          ++beats;
          beaten.notify_all();
        },
        std::chrono::milliseconds(1));
    std::unique_lock lock(mutex);
    beaten.wait(lock, [&] { return beats >= 3; });
  }
  const int after = beats;  // the thread has ended: nothing beats beside this
  CHECK(after >= 3);
}

TEST_CASE("a heartbeat that is not due yet ends at once") {
  Heartbeat heartbeat([](auto) {});
}

TEST_CASE("viasync.yaml is found upwards, but not outside of the Git repository") {
  namespace fs = std::filesystem;
  const fs::path top = fs::path(std::getenv("TEST_TMPDIR")) / "root";
  fs::create_directories(top / "repo/config/deep");
  fs::create_directories(top / "repo/vendor/other/.git");
  std::ofstream(top / "repo/viasync.yaml") << "version: 1\n";
  auto same = [](const std::string& found, const fs::path& wanted) {
    return fs::equivalent(found, wanted);
  };
  CHECK(same(FindRoot((top / "repo/config/deep").string()), top / "repo"));
  CHECK(FindRoot((top / "repo").string()) == (top / "repo").string());
  CHECK(same(FindRoot((top / "repo/vendor/other").string()), top / "repo/vendor/other"));
  CHECK(FindRoot((top / "nowhere").string()) == (top / "nowhere").string());
  fs::current_path(top / "repo/config/deep");
  CHECK(FindRoot(".") == "../..");
}

}  // namespace viasync::cli
