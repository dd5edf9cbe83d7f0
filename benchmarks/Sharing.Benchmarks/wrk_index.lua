-- Announcements, each in its turn. Argument: a file with a request on each line: method, path, where it comes from and body, with tabs between them.
local requests, at = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local method, path, from, body = line:match("^(%S+)\t(%S+)\t(%S+)\t(.*)$")
    local headers = { ["X-Forwarded-For"] = from }
    if #body > 0 then headers["Content-Type"] = "application/json" end
    requests[#requests + 1] = wrk.format(method, path, headers, #body > 0 and body or nil)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.duration, summary.requests, summary.bytes,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
