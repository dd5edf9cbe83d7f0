using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sharing.Trials.Restart;

namespace Sharing.Trials.Http;

/// <summary>One server, and all that is done to it.</summary>
sealed class HttpCourse(string assembly, SiegeSize size, Random random, JsonObject facts) : IAsyncDisposable
{
    const string Person = "anna";
    const int FilmLength = 24_000_000;

    /// <summary>How much slower the honest client may be served (the 99th of a hundred times), and how much memory the server may take.</summary>
    const double MostSlower = 3, MostMegabytes = 1024;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10), Pace = TimeSpan.FromMilliseconds(20), Standing = TimeSpan.FromSeconds(75);

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-http-").FullName;
    readonly TcpListener _nowhere = new(IPAddress.Loopback, 0);
    readonly string _token = RestartWitness.TokenOf(Person);
    ServerChild _server = null!;
    RestartOrigin _origin = null!;

    int Port => _server.Address.Port;

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        _nowhere.Start();
        _origin = await RestartOrigin.StartAsync(random, 1, FilmLength);
        _server = new(assembly, _folder, [.. RestartWitness.People("People", Person), "--Sharing:ConfiguredHosts:0=127.0.0.1"]);
        await _server.StartAsync(patience.Token);
        using var honest = new HonestClient(_server.Address, _token);
        await honest.MeasureAsync(size.Requests, patience.Token); // warm
        return await CheckFramingAsync(patience.Token) ?? await new Oversized(Port, _token).CheckAsync(patience.Token) ?? await BesiegeAsync(honest, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? default);
        await (_origin?.DisposeAsync() ?? default);
        _nowhere.Stop();
        Directory.Delete(_folder, true);
    }

    async Task<string?> CheckFramingAsync(CancellationToken cancellationToken)
    {
        facts["cases"] = FramingCases.All.Count;
        foreach (var framing in FramingCases.All)
        {
            if (framing.Judge(await RawHttp.AskAsync(Port, framing.Sent + FramingCase.Last, cancellationToken)) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    async Task<string?> BesiegeAsync(HonestClient honest, CancellationToken cancellationToken)
    {
        var film = await ShareAsync(_origin.AddressOf(0), cancellationToken);
        var never = await ShareAsync(new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_nowhere.LocalEndpoint).Port}/never.bin")), cancellationToken);
        await UntilStoredAsync(film, cancellationToken);
        using var events = await RawHttp.ConnectAsync(Port, cancellationToken);
        await events.TrySendAsync($"GET /v1/posts/{never}/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {_token}\r\n\r\n", cancellationToken);
        using var reader = await RawHttp.ConnectAsync(Port, cancellationToken, room: 4096);
        await reader.TrySendAsync($"GET /d/{film} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {_token}\r\n\r\n", cancellationToken);
        var stands = Task.Delay(Standing, TimeProvider.System, cancellationToken);
        var (without, with) = (new List<double>(), new List<double>());
        for (var window = 0; window < size.Windows; window++)
        {
            without.Add(await honest.MeasureAsync(size.Requests, cancellationToken));
            with.Add(await MeasureBesiegedAsync(honest, wait: size.Judged && window == 0, cancellationToken));
        }

        return JudgeTimes(without, with) ?? JudgeMemory() ?? await CheckReadersAsync(events, reader, stands, cancellationToken);
    }

    async Task<double> MeasureBesiegedAsync(HonestClient honest, bool wait, CancellationToken cancellationToken)
    {
        await using var siege = new Siege(Port, size);
        await siege.BeginAsync(cancellationToken);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hostile = BotherAsync(end.Token);
        var measured = await honest.MeasureAsync(size.Requests, cancellationToken);
        await end.CancelAsync();
        await hostile.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (wait)
        {
            await siege.UntilEndedAsync(cancellationToken);
        }

        return measured;
    }

    /// <summary>Hidden, broken and oversized requests, one after another.</summary>
    async Task BotherAsync(CancellationToken cancellationToken)
    {
        string[] requests = [.. FramingCases.All.Select(framing => framing.Sent + FramingCase.Last), .. new Oversized(Port, _token).Requests.Values];
        using var pace = new PeriodicTimer(Pace, TimeProvider.System);
        while (await pace.WaitForNextTickAsync(cancellationToken))
        {
            await RawHttp.AskAsync(Port, requests[random.Next(requests.Length)], cancellationToken);
        }
    }

    string? JudgeTimes(List<double> without, List<double> with)
    {
        var ratios = without.Zip(with, (before, under) => under / before).Order().ToList();
        var ratio = ratios[ratios.Count / 2];
        (facts["p99"], facts["p99Besieged"], facts["ratio"]) = (Listed(without), Listed(with), Math.Round(ratio, 2));
        return size.Judged && ratio >= MostSlower ? $"The honest client was served {ratio:0.0} times slower." : null;
    }

    static JsonArray Listed(List<double> times) => [.. times.Select(time => JsonValue.Create(Math.Round(time, 1)))];

    string? JudgeMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var peak = File.ReadLines($"/proc/{_server.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        var megabytes = long.Parse(peak["VmHWM:".Length..^" kB".Length].Trim(), CultureInfo.InvariantCulture) / 1024;
        facts["megabytes"] = megabytes;
        return megabytes > MostMegabytes ? $"The server took {megabytes} MB." : null;
    }

    /// <summary>A stream of events outlives it all; a reader who stands still does not.</summary>
    async Task<string?> CheckReadersAsync(RawHttp events, RawHttp reader, Task stands, CancellationToken cancellationToken)
    {
        if (size.Judged)
        {
            await stands;
            var taken = await reader.ReadAsync(cancellationToken);
            facts["standing"] = taken.Length;
            if (!taken.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || taken.Length >= FilmLength || taken.EndsWith(RawHttp.Stands, StringComparison.Ordinal))
            {
                return $"A reader who stood still was given all of it: {taken.Length} bytes.";
            }
        }

        var told = await events.ReadAsync(cancellationToken, atMost: 1);
        var alive = await events.TrySendAsync(" ", cancellationToken);
        return told.Length == 1 && alive ? null : "The stream of events was ended.";
    }

    async Task<string> ShareAsync(Uri address, CancellationToken cancellationToken)
    {
        using var http = Http();
        var wanted = new JsonObject
        {
            ["resource"] = new JsonObject { ["address"] = address.ToString(), ["name"] = "film.bin" }, ["audience"] = new JsonObject { ["kind"] = "everyone" },
        };
        using var answer = await http.PostAsJsonAsync("v1/posts", wanted, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!["id"]!;
    }

    /// <summary>Follows the events of a post until they name its content.</summary>
    async Task UntilStoredAsync(string post, CancellationToken cancellationToken)
    {
        using var http = Http();
        using var events = new StreamReader(await http.GetStreamAsync($"v1/posts/{post}/events", cancellationToken));
        while (await events.ReadLineAsync(cancellationToken) is { } line && !line.Contains("\"content\":{", StringComparison.Ordinal))
        {
        }
    }

    HttpClient Http() => new() { BaseAddress = _server.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", _token) } };
}
