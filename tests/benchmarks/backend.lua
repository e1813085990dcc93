-- For wrk: sets a device up, for each of the sessions that follow `--` in turn; tells in JSON.
local requests, turn = {}, 0

function init(sessions)
	for _, session in ipairs(sessions) do
		local headers = { Authorization = "Bearer " .. session, ["Content-Type"] = "application/json" }
		table.insert(requests, wrk.format("POST", "/v1/provisions", headers, "{}"))
	end
end

function request()
	turn = turn % #requests + 1
	return requests[turn]
end

function done(summary, latency, _)
	local failed = summary.errors
	io.write(string.format(
		'{"requests": %d, "seconds": %.3f, "median_ms": %.2f, "p99_ms": %.2f, "errors": %d}\n',
		summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
		latency:percentile(99) / 1e3,
		failed.connect + failed.read + failed.write + failed.status + failed.timeout
	))
end
