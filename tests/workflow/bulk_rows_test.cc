#include "engine/workflow/bulk_rows.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <vector>

namespace viasync::workflow {
namespace {

using nlohmann::json;

std::string FileOf(const std::string& name, const std::string& text) {
  const char* folder = std::getenv("TEST_TMPDIR");
  std::string path = std::string(folder ? folder : "/tmp") + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::vector<BulkRow> ReadAll(BulkKind kind, const std::string& path) {
  auto rows = BulkRows::Open(kind, path);
  REQUIRE_MESSAGE(rows.has_value(), rows.error().message);
  std::vector<BulkRow> all;
  for (BulkRow row;;) {
    auto more = (*rows)->Next(row);
    REQUIRE(more);
    if (!*more) return all;
    all.push_back(row);
  }
}

TEST_CASE("a CSV row becomes the item that the API takes") {
  const struct {
    BulkKind kind;
    const char *csv, *item, *key;
  } rows[] = {
      {BulkKind::kInsert, "@NAME,@ACCOUNT\n\"a,b\",7\n",
       R"({"items": [{"field": "@NAME", "value": "a,b"}, {"field": "@ACCOUNT", "value": "7"}]})",
       "7"},
      {BulkKind::kUpdate, "@ACCOUNT,@NAME,@STATE\n7,b,\n",
       R"({"lookupKey": "@ACCOUNT", "lookupValue": "7",
           "fields": [{"fieldKey": "@NAME", "fieldValue": "b"}]})",
       "7"},
      {BulkKind::kFastPath, "record,custom1,custom2\n\"11 22 \",x,\n",
       R"({"fastPathRecord": "11 22 ", "customFieldsStringCollection": [{"string": "x"}]})",
       "11 22 "},
      {BulkKind::kAttempts, "phoneDialed,responseStatus,numberType\n09,BZ,Wireless\n",
       R"({"phoneDialed": "09", "responseStatus": "BZ", "numberType": 4})", "09"},
      {BulkKind::kCallbacks,
       "workTypeId,phoneNumber,callbackDateTime,callbackType,userDefinedData1,userDefinedData2\n"
       "1,09,2030-01-01T00:00:00Z,ServiceLevel,a,b\n",
       R"({"workTypeId": "1", "phoneNumber": "09", "callbackDateTime": "2030-01-01T00:00:00Z",
           "callbackType": "ServiceLevel", "userDefinedData": ["a", "b"]})",
       "09"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.csv);
    auto all = ReadAll(row.kind, FileOf("rows.csv", row.csv));
    REQUIRE(all.size() == 1);
    CHECK_FALSE(all[0].problem.has_value());
    CHECK(all[0].item == json::parse(row.item));
    CHECK(all[0].key == row.key);
    CHECK(all[0].line == 2);
  }
}

TEST_CASE("a malformed row is a problem of its line, and the next one is read") {
  const struct {
    BulkKind kind;
    const char* name;
    const char* text;
    const char* told;
  } rows[] = {
      {BulkKind::kInsert, "a.csv", "@ACCOUNT,@NAME\n1\n2,b\n", "1 field"},
      {BulkKind::kInsert, "a.csv", "@ACCOUNT,@NAME\n,\n2,b\n", "no field"},
      {BulkKind::kUpdate, "a.csv", "@ACCOUNT,@NAME\n,x\n2,b\n", "which record"},
      {BulkKind::kUpdate, "a.csv", "@ACCOUNT,@NAME\n1,\n2,b\n", "changes nothing"},
      {BulkKind::kAttempts, "a.csv", "phoneDialed,responseStatus,numberType\n1,BZ,9\n1,BZ,1\n",
       "numberType"},
      {BulkKind::kAttempts, "a.csv", "phoneDialed,responseStatus,timeOfAttempt\n1,BZ,noon\n1,BZ,\n",
       "timeOfAttempt"},
      {BulkKind::kCallbacks, "a.jsonl",
       "\n{\"workTypeId\": \"1\"}\n{\"workTypeId\": \"1\", \"phoneNumber\": \"2\", "
       "\"callbackDateTime\": \"2030-01-01T00:00:00Z\", \"callbackType\": \"ServiceLevel\"}\n",
       "phoneNumber"},
      {BulkKind::kInsert, "a.jsonl", "\n[1]\n{\"@ACCOUNT\": \"1\"}", "not a JSON object"},
      {BulkKind::kInsert, "a.jsonl", "\n{\"@ACCOUNT\": 1}\n{\"@ACCOUNT\": \"1\"}", "value"},
      {BulkKind::kFastPath, "a.jsonl", "\n{\"record\": \"1\"}\n{\"fastPathRecord\": \"1\"}",
       "record"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    auto all = ReadAll(row.kind, FileOf(row.name, row.text));
    REQUIRE(all.size() == 2);
    REQUIRE(all[0].problem.has_value());
    CAPTURE(all[0].problem->message);
    CHECK(all[0].problem->message.find(row.told) != std::string::npos);
    CHECK(all[0].problem->where->line == 2);
    CHECK_FALSE(all[1].problem.has_value());
  }
}

TEST_CASE("a header that cannot be used is an error, with the nearest column") {
  const std::pair<const char*, const char*> rows[] = {
      {"", "empty"}, {"phoneDialled\n1\n", "phoneDialed"}, {"key,key\n1,2\n", "twice"}};
  for (const auto& [text, told] : rows) {
    auto opened = BulkRows::Open(BulkKind::kAttempts, FileOf("h.csv", text));
    REQUIRE_FALSE(opened);
    CHECK((opened.error().message + opened.error().hint).find(told) != std::string::npos);
  }
  CHECK_FALSE(BulkRows::Open(BulkKind::kAttempts, "/nowhere/x.csv"));
}

TEST_CASE("the digest tells rows apart, and nothing else") {
  auto all = ReadAll(BulkKind::kInsert, FileOf("d.csv", "@ACCOUNT,@NAME\n1,a\n1,a\n1,b\n"));
  CHECK(all[0].digest == all[1].digest);
  CHECK(all[0].digest != all[2].digest);
}

}  // namespace
}  // namespace viasync::workflow
