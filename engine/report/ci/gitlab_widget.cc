#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/report/ci/formats.h"

namespace viasync::report::ci {

std::string TerraformWidget(const RunReport& run) {
  const auto summary = run.summary.value_or(plan::Summary{});
  return base::DumpJson(nlohmann::ordered_json{
             {"create", summary.create}, {"update", summary.update}, {"delete", summary.remove}}) +
         "\n";
}

std::string Annotations(const RunReport& run, std::string_view job_url, std::string_view page) {
  const bool known = job_url.starts_with("https://") || job_url.starts_with("http://");
  if (!known || page.empty()) return {};
  nlohmann::ordered_json link = {
      {"label", TitleOf(run) + " as a page"},
      {"url", std::string(job_url) + "/artifacts/file/" + std::string(page)}};
  nlohmann::ordered_json json;
  json["viasync"] = nlohmann::ordered_json::array({{{"external_link", std::move(link)}}});
  return base::DumpJson(json, 2) + "\n";
}

}  // namespace viasync::report::ci
