#include "assets/assets.h"

#include <algorithm>

namespace rapport::assets {

const File* Bundle::find(std::string_view path) const {
  const auto at =
      std::lower_bound(files_.begin(), files_.end(), path,
                       [](const File& file, std::string_view wanted) { return file.path < wanted; });
  return at != files_.end() && at->path == path ? &*at : nullptr;
}

std::string_view plain_page() {
  return R"(<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Rapport</title></head>
<body>
<main>
<h1>Rapport</h1>
<section lang="zh-Hans">
<h2>此构建不含控制台</h2>
<p>服务器与接口均可正常使用（<a href="/openapi.json">/openapi.json</a>）。要把控制台编入程序，请安装 Node.js 18 或更新版本及 npm，然后在源代码目录运行 <code>make build</code>，再重新启动服务器。</p>
</section>
<section lang="zh-Hant">
<h2>此組建不含控制台</h2>
<p>伺服器與介面均可正常使用（<a href="/openapi.json">/openapi.json</a>）。要把控制台編入程式，請安裝 Node.js 18 或更新版本及 npm，然後在原始碼目錄執行 <code>make build</code>，再重新啟動伺服器。</p>
</section>
<section lang="en">
<h2>This build has no console</h2>
<p>The server and its API work (<a href="/openapi.json">/openapi.json</a>). To build the console into the program, install Node.js 18 or newer with npm, run <code>make build</code> in the source folder, and start the server again.</p>
</section>
</main>
</body>
</html>
)";
}

}  // namespace rapport::assets
