// What the API may be asked and what it may answer: the operations of schemas/openapi.json, and the
// check of requests and answers against them. Finding an operation by what a person typed is
// route.h's, words for codes are codes.h's.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/contract/schema.h"

namespace viasync::contract {

enum class In { kPath, kQuery, kHeader };

struct Parameter {
  std::string name;
  In in = In::kQuery;
  bool required = false;
  std::string description;
  const Schema* schema = nullptr;
};

struct Operation {
  std::string id;       // "listFilters"
  std::string method;   // "GET"
  std::string path;     // "/via/v3/organizations/{orgId}/campaign/filters"
  std::string also_at;  // a second path with the same operations; empty = none
  std::string summary;  // "List filters"
  std::string group;    // "Filters"
  bool deprecated = false;
  std::vector<Parameter> parameters;
  std::vector<std::vector<std::string>> together;  // query parameters: all of a row or none
  std::vector<std::string> any_of;                 // of these at least one; empty = no such rule
  const Schema* body = nullptr;                    // nullptr = takes none
  std::map<int, const Schema*> answers;            // by status; nullptr = without a body

  // The array of a collection's answer ("filters"), where it pages; empty: it does not.
  std::string collection;
  bool reads() const { return method == "GET"; }
};

// All of them, in the order of the reference's paths.
std::span<const Operation> Operations();
const Operation* FindOperation(std::string_view id);

// The operation of a request, and the values in its path. A literal part goes before a parameter:
// `jobs/export` is no job.
struct Match {
  const Operation* operation = nullptr;
  std::map<std::string, std::string> values;
};
// `path`: without query, percent-decoded or not. nullopt: the contract knows no such path, or not
// with that method.
std::optional<Match> MatchRequest(std::string_view method, std::string_view path);

using Query = std::multimap<std::string, std::string>;

// Everything that is wrong with a request: path values, query, Content-Type, body. Empty: sound.
Problems CheckPath(const Match& match);
Problems CheckQuery(const Operation& operation, const Query& query);
Problems CheckBody(const Operation& operation, std::string_view content_type,
                   std::string_view body);

// Words of query parameters that have codes become their codes: `listType=dynamic`, `listType=1`.
// What is neither stays as it is, for CheckQuery to say so.
void ReplaceWords(const Operation& operation, Query& query);

// What is wrong with an answer: a status that the operation does not give, a body that does not fit
// its status. A 404 of an unknown org may come from anywhere (notes, "Errors and retries").
Problems CheckAnswer(const Operation& operation, int status, std::string_view body);

// `/accountControlItems/0: …; /version: …`, on one line.
std::string Describe(const Problems& problems);

}  // namespace viasync::contract
