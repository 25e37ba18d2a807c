// A plain thread pool: `parallel(threads, tasks, work)` calls work(0) … work(tasks − 1), the caller working too.
#pragma once
#include <cstdint>
#include <functional>

namespace kullback {

int available_threads();  // the processors that this process may run on
void parallel(int threads, std::int64_t tasks, const std::function<void(std::int64_t)>& work);

}  // namespace kullback
