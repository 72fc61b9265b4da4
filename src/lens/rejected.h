#pragma once

#include <string>
#include <vector>

/// Rows that an import could not take, for the person who sent them to mend.
namespace rapport::lens {

/// `problems` as ImportSource::problems() gives them ("path:line: what was wrong"). The files are read again
/// up to the last such line. CSV in UTF-8 with a mark, so that Excel reads it: line, problem, then the cells
/// under their own heads; a row that could not be read at all has no cells, a line of JSON stands in the
/// column "line_text". Rows of several files follow one another, each file with its own line of heads.
std::string rejected_csv(const std::vector<std::string>& problems);

}  // namespace rapport::lens
