#include "engine/workflow/bulk_results.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace viasync::workflow {
namespace {

const std::string kPurpose = "records insert 50 of acme-dev";

std::string PathOf(const char* name) {
  const char* folder = std::getenv("TEST_TMPDIR");
  std::string path = std::string(folder ? folder : "/tmp") + "/" + name;
  ::unlink(path.c_str());
  return path;
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

TEST_CASE("what was noted is known to the next run") {
  auto path = PathOf("known.csv");
  {
    auto results = BulkResults::Open(path, kPurpose);
    REQUIRE(results);
    (*results)->Note(2, "=1+1", RowState::kSent, "", "aaaaaaaaaaaa");
    (*results)->Note(3, "b,\"c\"\n", RowState::kSent, "", "bbbbbbbbbbbb");
    (*results)->Note(2, "=1+1", RowState::kDone, "id 7", "aaaaaaaaaaaa");
    CHECK((*results)->Flush(true));
    CHECK_FALSE(BulkResults::Open(path, kPurpose));  // held
  }
  auto text = Read(path);
  CHECK(text.find("2,'=1+1,done,id 7,aaaaaaaaaaaa\n") != std::string::npos);
  auto again = BulkResults::Open(path, kPurpose);
  REQUIRE(again);
  CHECK((*again)->Of(2).state == RowState::kDone);
  CHECK((*again)->Of(2).digest == "aaaaaaaaaaaa");
  CHECK((*again)->Of(3).state == RowState::kSent);
  CHECK((*again)->Of(4).state == RowState::kNone);
}

TEST_CASE("cut anywhere, the file never claims more than was written") {
  auto path = PathOf("cut.csv");
  {
    auto results = BulkResults::Open(path, kPurpose);
    REQUIRE(results);
    (*results)->Note(2, "k", RowState::kSent, "", "aaaaaaaaaaaa");
    (*results)->Note(2, "k", RowState::kDone, "x, \"y\"", "aaaaaaaaaaaa");
  }
  const std::string whole = Read(path);
  const std::size_t head = whole.find('\n', whole.find('\n') + 1) + 1;
  const std::size_t intent = whole.find('\n', head) + 1;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CAPTURE(size);
    Write(path, whole.substr(0, size));
    auto results = BulkResults::Open(path, kPurpose);
    const std::size_t header = whole.find('\n') + 1;
    if (size >= header && size < head) {
      CHECK_FALSE(results);  // the purpose is torn off: not ours to go on with
      continue;
    }
    REQUIRE(results);
    auto expected = size >= whole.size() ? RowState::kDone
                    : size >= intent     ? RowState::kSent
                                         : RowState::kNone;
    CHECK((*results)->Of(2).state == expected);
  }
}

TEST_CASE("another run's file, and what is not a result file, is left alone") {
  auto path = PathOf("other.csv");
  for (const char* text :
       {"name,age\nx,1\n", "line,key,state,answer,row\n1,a,what,,x\n",
        "line,key,state,answer,row\n0,something else,for,,\n", "line,key,state,answer,row\n0,",
        "\"never closed\nline\n", "name,age\nx,1\nlast line without an end", "one line, no end",
        "line,key,state,answer,row\n0,something else,for,,\n2,torn"}) {
    CAPTURE(text);
    Write(path, text);
    CHECK_FALSE(BulkResults::Open(path, kPurpose));
    CHECK(Read(path) == text);
  }
}

}  // namespace
}  // namespace viasync::workflow
