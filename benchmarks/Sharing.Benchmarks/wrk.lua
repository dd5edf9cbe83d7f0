-- Whole files, or ranges of 64 KiB anywhere in them. Arguments: "whole" or "ranges", then the paths.
local paths, ranges, size, piece = {}, false, 16 * 1024 * 1024, 64 * 1024

function init(args)
  ranges = args[1] == "ranges"
  for i = 2, #args do paths[#paths + 1] = args[i] end
  math.randomseed(1)
end

function request()
  local path = paths[math.random(#paths)]
  if not ranges then return wrk.format("GET", path) end
  local first = math.random(0, size - piece)
  return wrk.format("GET", path, { ["Range"] = string.format("bytes=%d-%d", first, first + piece - 1) })
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.duration, summary.requests, summary.bytes,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
