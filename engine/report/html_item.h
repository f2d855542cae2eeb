// One item of a document in HTML, and what a page can be filtered by.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/report/document.h"

namespace viasync::report {

class HtmlItems {
 public:
  // The item's markup, and the places of its kind, its word and its file in FacetsJson.
  struct Printed {
    std::string html;
    std::size_t kind = 0, word = 0, file = 0;
  };

  HtmlItems();
  ~HtmlItems();
  HtmlItems(const HtmlItems&) = delete;
  HtmlItems& operator=(const HtmlItems&) = delete;

  Printed Print(const Section& section, const Item& item);
  std::size_t count() const { return count_; }
  // {"kinds": […], "words": […], "files": […]}: of all that was printed so far.
  std::string FacetsJson() const;

 private:
  // Names in the order in which they came.
  struct Facet {
    std::map<std::string, std::size_t, std::less<>> places;
    std::vector<std::string> names;
    std::size_t PlaceOf(const std::string& name);
  };
  struct Template;
  std::unique_ptr<Template> template_;
  Facet kinds_, words_, files_;
  std::size_t count_ = 0;
};

}  // namespace viasync::report
