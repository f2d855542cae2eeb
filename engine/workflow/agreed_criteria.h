// What is known without asking an org of the criteria that it holds.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "engine/base/ports.h"
#include "engine/config/project.h"

namespace viasync::workflow {

// The criteria of filters on which files and org agreed at the last run, without blanks at their
// ends; none where there was no run, or where its store cannot be read.
class AgreedCriteria {
 public:
  AgreedCriteria(const config::Environment& environment, base::Clock& clock);
  bool Holds(std::string_view criteria) const;

 private:
  std::set<std::string, std::less<>> texts_;
};

}  // namespace viasync::workflow
