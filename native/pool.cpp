#include "pool.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <sched.h>
#endif
#if !defined(_WIN32)
#include <unistd.h>
#endif

namespace kullback {

int available_threads() {
#if defined(__linux__)
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    unsigned n = std::thread::hardware_concurrency();
    return n ? static_cast<int>(n) : 1;
}

namespace {

struct Job {
    const std::function<void(std::int64_t)>* work;
    std::int64_t tasks;
    int seats;  // helpers that may still join
    std::atomic<std::int64_t> next{0};
    int running = 0;

    void run() {
        for (std::int64_t i; (i = next.fetch_add(1)) < tasks;) (*work)(i);
    }
};

class Pool {
   public:
    void run(int helpers, Job& job) {
        {
            std::lock_guard<std::mutex> lock(mutex_);
            while (static_cast<int>(threads_) < helpers) {
                std::thread(&Pool::serve, this).detach();
                ++threads_;
            }
            job.seats = helpers;
            jobs_.push_back(&job);
        }
        wake_.notify_all();
        job.run();
        std::unique_lock<std::mutex> lock(mutex_);
        for (auto it = jobs_.begin(); it != jobs_.end(); ++it) {
            if (*it == &job) {
                jobs_.erase(it);
                break;
            }
        }
        done_.wait(lock, [&] { return job.running == 0; });
    }

   private:
    void serve() {
        std::unique_lock<std::mutex> lock(mutex_);
        for (;;) {
            Job* job = nullptr;
            wake_.wait(lock, [&] {
                for (Job* j : jobs_)
                    if (j->seats > 0) {
                        job = j;
                        return true;
                    }
                return false;
            });
            --job->seats;
            ++job->running;
            lock.unlock();
            job->run();
            lock.lock();
            if (--job->running == 0) done_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_, done_;
    std::vector<Job*> jobs_;
    int threads_ = 0;
};

// Threads do not survive a fork, so a child process gets a pool of its own. Never destroyed: its threads may outlive main.
Pool& pool() {
    static std::mutex mutex;
    static Pool* current = nullptr;
#if defined(_WIN32)
    int here = 0;
#else
    int here = static_cast<int>(getpid());
#endif
    static int owner = -1;
    std::lock_guard<std::mutex> lock(mutex);
    if (owner != here) {
        current = new Pool;
        owner = here;
    }
    return *current;
}

}  // namespace

void parallel(int threads, std::int64_t tasks, const std::function<void(std::int64_t)>& work) {
    if (tasks < threads) threads = static_cast<int>(tasks);
    if (threads <= 1) {
        for (std::int64_t i = 0; i < tasks; ++i) work(i);
        return;
    }
    Job job;
    job.work = &work;
    job.tasks = tasks;
    pool().run(threads - 1, job);
}

}  // namespace kullback
