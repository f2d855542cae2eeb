// Runs a fuzzer without a fuzzing engine: over every file of FUZZ_CORPUS, then over inputs near
// them, the same ones in every run. Other ones: FUZZ_SEED=N, and FUZZ_SECONDS=N for longer.
// An input that ends the process is kept in a file, which the last line names.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kInputBytesMax = 16 << 10;
constexpr int kMutationsMax = 30'000;
constexpr std::array kFatal = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTERM};

const std::string* current = nullptr;  // the input at work, for the signal handler
std::string crash_path;
std::array<struct sigaction, kFatal.size()> earlier;

std::string Variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

void KeepInput(int signal) {
  const int fd = open(crash_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd >= 0 && current && write(fd, current->data(), current->size()) >= 0 &&
      write(STDERR_FILENO, "the input is kept in ", 21) > 0 &&
      write(STDERR_FILENO, crash_path.data(), crash_path.size()) > 0) {
    (void)!write(STDERR_FILENO, "\n", 1);
  }
  for (std::size_t i = 0; i < kFatal.size(); ++i) sigaction(kFatal[i], &earlier[i], nullptr);
  raise(signal);
}

void WatchForTheEnd() {
  static std::array<char, 64 << 10> stack;
  const stack_t alternate{.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
  sigaltstack(&alternate, nullptr);
  crash_path = Variable("TEST_UNDECLARED_OUTPUTS_DIR", Variable("TEST_TMPDIR", "/tmp").c_str()) +
               "/fuzz-input";
  struct sigaction action {};
  action.sa_handler = KeepInput;
  action.sa_flags = SA_ONSTACK | static_cast<int>(SA_RESETHAND);
  for (std::size_t i = 0; i < kFatal.size(); ++i) sigaction(kFatal[i], &action, &earlier[i]);
}

std::vector<std::string> Corpus() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(Variable("FUZZ_CORPUS", "."))) {
    if (fs::is_regular_file(entry.path())) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<std::string> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

void RunOn(const std::string& input) {
  current = &input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  current = nullptr;
}

class Mutator {
 public:
  Mutator(const std::vector<std::string>& corpus, std::uint64_t seed)
      : corpus_(corpus), random_(seed) {}

  std::string Next() {
    std::string input = corpus_[Below(corpus_.size())];
    for (std::size_t steps = 1 + Below(4); steps > 0; --steps) Change(input);
    if (input.size() > kInputBytesMax) input.resize(kInputBytesMax);
    return input;
  }

 private:
  std::size_t Below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  void Change(std::string& input) {
    static constexpr std::array<std::string_view, 24> kPieces = {"[[[[[[[[",
                                                                 "{\"a\":",
                                                                 "]",
                                                                 "}",
                                                                 "\"",
                                                                 "'",
                                                                 "\\",
                                                                 "\\u0000",
                                                                 "\xff",
                                                                 "\xc2\x85",
                                                                 "\r",
                                                                 "\n",
                                                                 "\t",
                                                                 ": ",
                                                                 "- ",
                                                                 "&a ",
                                                                 "*a",
                                                                 "-1",
                                                                 "1e9",
                                                                 "99999999999999999999",
                                                                 "null",
                                                                 "${x}",
                                                                 "\xef\xbb\xbf",
                                                                 "#"};
    const std::size_t at = Below(input.size() + 1);
    const std::size_t length = Below(std::min<std::size_t>(input.size() - at, 64) + 1);
    switch (Below(7)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << Below(8)));
        break;
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(Below(256));
        break;
      case 2:
        input.erase(at, length);
        break;
      case 3:
        input.insert(at, kPieces[Below(kPieces.size())]);
        break;
      case 4: {  // the same again, and again
        const std::string piece = input.substr(at, length);
        for (std::size_t times = Below(40); times > 0; --times) input.insert(at, piece);
        break;
      }
      case 5: {  // a piece of another one
        const std::string& other = corpus_[Below(corpus_.size())];
        input.insert(at, other, Below(other.size() + 1), Below(200));
        break;
      }
      default:
        input.resize(at);
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_;
};

TEST_CASE("no input of the corpus, and none near it, ends the process or breaks a promise") {
  const std::vector<std::string> corpus = Corpus();
  REQUIRE_FALSE(corpus.empty());
  WatchForTheEnd();
  for (const auto& input : corpus) RunOn(input);
  const std::string seconds = Variable("FUZZ_SECONDS", "");
  const bool longer = !seconds.empty();
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::seconds(longer ? std::stol(seconds) : 3);
  Mutator mutator(corpus, std::stoull(Variable("FUZZ_SEED", "20261128")));
  int tried = 0;
  while ((longer || tried < kMutationsMax) && std::chrono::steady_clock::now() < end) {
    RunOn(mutator.Next());
    ++tried;
  }
  CHECK(tried > 0);
  std::printf("%zu kept inputs and %d near them\n", corpus.size(), tried);
}

}  // namespace
