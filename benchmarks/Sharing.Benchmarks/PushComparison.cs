using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Sharing.Benchmarks;

/// <summary>One thing that many follow: an inbox of ours, a channel of nchan's, a subject of NATS'.</summary>
abstract class PushComparison : Comparison
{
    const string Stream = "HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n";

    /// <summary>Stands for the number of the last message before.</summary>
    const string After = "AFTER";

    /// <summary>Sent before, to a hundred: then all is compiled, and the memory for that is taken.</summary>
    const int First = 20;

    string _folder = "";
    int _run;

    protected bool IsQuick { get; private set; }

    protected abstract int Followers { get; }

    /// <summary>How many messages, and how many milliseconds apart.</summary>
    protected abstract (int Count, int Pause) Messages { get; }

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [("Sharing", OursAsync), ("NATS", NatsAsync), ("nchan", NchanAsync)];

    public override IReadOnlyList<string> Notes =>
    [
        $"NATS: nats-server of Debian (2.9.10), a subject, PUB. nchan: libnginx-mod-nchan of Debian (1.3.6), one worker, EventSource, messages by POST, kept in memory. Sharing: an inbox that one person follows from {Followers:N0} terminals, each message",
        $"durable (SQLite) before it goes out. Text of {Pushing.Bytes} bytes each; an event of ours has some 300 bytes of JSON around it. All over plain HTTP or TCP on loopback; the followers are one process of raw sockets, the same for all.",
        "A run in which a message is missing or comes twice fails. Bytes: resident memory of the server with all followers after the messages, less the same with none, for each follower.",
    ];

    public override Task PrepareAsync(string folder, bool quick)
    {
        (_folder, IsQuick) = (folder, quick);
        return Task.CompletedTask;
    }

    async Task<Cost> OursAsync()
    {
        var port = Nginx.FreePort();
        using var server = Start(Environment.ProcessPath!, ["work", "push-server", Fresh(), $"{port}"]);
        await SaidAsync(server, "ready");
        return await MeasureAsync(server.Id, port, $"GET /v1/inbox/events?after={After} {Stream}", "\r\n\r\n", server);
    }

    async Task<Cost> NatsAsync()
    {
        var (port, folder) = (Nginx.FreePort(), Fresh());
        using var server = Start("nats-server", ["-a", "127.0.0.1", "-p", $"{port}", "-l", Path.Combine(folder, "log")]);
        await Nginx.UntilListeningAsync(port);
        using var sender = Start(Environment.ProcessPath!, ["work", "push-nats", $"{port}"]);
        return await MeasureAsync(server.Id, port, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB s 1\r\nPING\r\n", "PONG", sender, server);
    }

    async Task<Cost> NchanAsync()
    {
        var (port, folder) = (Nginx.FreePort(), Fresh());
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), $$"""
            load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
            user root; daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid {{folder}}/nginx.pid; error_log {{folder}}/nginx.log;
            events { worker_connections 19000; }
            http {
              access_log off; keepalive_requests 1000000; nchan_shared_memory_size 256M; client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location /sub { nchan_subscriber eventsource; nchan_channel_id s; nchan_subscriber_first_message newest; }
                location /pub { nchan_publisher; nchan_channel_id s; nchan_message_buffer_length 1000; }
              }
            }
            """);
        using var server = Start("nginx", ["-c", Path.Combine(folder, "nginx.conf")]);
        await Nginx.UntilListeningAsync(port);
        using var sender = Start(Environment.ProcessPath!, ["work", "push-nchan", $"{port}"]);
        return await MeasureAsync(server.Id, port, $"GET /sub {Stream}", "\r\n\r\n", sender, server);
    }

    /// <summary>Sends to NATS.</summary>
    public static async Task SendToNatsAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        await socket.SendAsync("CONNECT {\"verbose\":false,\"pedantic\":false}\r\n"u8.ToArray());
        await Pushing.SendAsync(1, payload => socket.SendAsync(Encoding.ASCII.GetBytes($"PUB s {payload.Length}\r\n{payload}\r\n")));
    }

    /// <summary>Sends to nchan.</summary>
    public static async Task SendToNchanAsync(int port)
    {
        using var http = new HttpClient();
        await Pushing.SendAsync(1, async payload => (await http.PostAsync(new Uri($"http://127.0.0.1:{port}/pub"), new StringContent(payload))).EnsureSuccessStatusCode());
    }

    async Task<Cost> MeasureAsync(int id, int port, string greeting, string welcome, Process sender, params Process[] others)
    {
        try
        {
            await RunAsync(id, port, greeting.Replace(After, "0", StringComparison.Ordinal), welcome, sender, 100, (First, 1));
            var before = Resident(id);
            return await RunAsync(id, port, greeting.Replace(After, $"{First}", StringComparison.Ordinal), welcome, sender, Followers, Messages, before);
        }
        finally
        {
            foreach (var process in others.Prepend(sender))
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }
    }

    static async Task<Cost> RunAsync(int id, int port, string greeting, string welcome, Process sender, int followers, (int Count, int Pause) messages, long before = 0)
    {
        using var client = Start(Environment.ProcessPath!, ["work", "push-client", greeting, welcome, $"{port}", $"{followers}", $"{messages.Count}"]);
        try
        {
            await SaidAsync(client, "ready");
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
            var cpu = Nginx.CpuOf(id);
            await client.StandardInput.WriteLineAsync($"{messages.Count} {60 + (messages.Count * messages.Pause / 1000)}");
            await sender.StandardInput.WriteLineAsync($"{messages.Count} {messages.Pause}");
            var first = long.Parse((await SaidAsync(sender, "sent"))[5..], CultureInfo.InvariantCulture);
            var said = (await client.StandardOutput.ReadLineAsync() ?? "").Split(' ');
            cpu = Nginx.CpuOf(id) - cpu;
            if (said is not ["0", "0", ..])
            {
                throw new InvalidOperationException($"{said[0]} messages are missing, {said[1]} came twice.");
            }

            var (seconds, deliveries) = ((long.Parse(said[4], CultureInfo.InvariantCulture) - first) / (double)Stopwatch.Frequency, (double)messages.Count * followers);
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System); // idle again
            return new(seconds, cpu, deliveries / seconds)
            {
                More = new Dictionary<string, double>(StringComparer.Ordinal)
                {
                    ["p50"] = double.Parse(said[2], CultureInfo.InvariantCulture), ["p99"] = double.Parse(said[3], CultureInfo.InvariantCulture),
                    ["microseconds"] = cpu * 1e6 / deliveries, ["bytes"] = (Resident(id) - before) / (double)followers,
                },
            };
        }
        finally
        {
            client.Kill();
            await client.WaitForExitAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }
    }

    /// <summary>The resident memory of a process and its children, in bytes.</summary>
    static long Resident(int process) => Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _)).Sum(path =>
    {
        try
        {
            var status = File.ReadAllLines(Path.Combine(path, "status"));
            string? Of(string name) => status.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
            return Of("Pid:") == $"{process}" || Of("PPid:") == $"{process}" ? long.Parse(Of("VmRSS:")?.Split(' ')[0] ?? "0", CultureInfo.InvariantCulture) * 1024 : 0;
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    });

    string Fresh() => Directory.CreateDirectory(Path.Combine(_folder, $"{_run++}")).FullName;

    static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_TieredCompilation"] = "0";
        if (arguments is [_, "push-client", ..])
        {
            start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    static async Task<string> SaidAsync(Process process, string word) =>
        await process.StandardOutput.ReadLineAsync() is { } line && line.StartsWith(word, StringComparison.Ordinal) ? line : throw new InvalidOperationException($"{process.ProcessName} did not say \"{word}\".");
}

/// <summary>What the server has in memory for each who follows.</summary>
sealed class PushMemoryComparison : PushComparison
{
    public override string Name => "push-memory";

    public override string About => $"resident memory of the server for each of {Followers:N0} who follow one thing, after {Messages.Count} messages went to all of them";

    public override double Target => 1;

    public override int Judged => 2;

    protected override int Followers => IsQuick ? 1000 : 10_000;

    protected override (int Count, int Pause) Messages => (3, 1000);

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("1.4 x nchan's ÷ Sharing's", 1.4 * round["nchan"].More["bytes"] / round["Sharing"].More["bytes"]),
        ("0.7 x NATS' ÷ Sharing's", 0.7 * round["NATS"].More["bytes"] / round["Sharing"].More["bytes"]),
        .. round.Select(static side => ($"bytes, {side.Key}", side.Value.More["bytes"])),
    ];
}

/// <summary>One message to very many.</summary>
sealed class PushFanoutComparison : PushComparison
{
    public override string Name => "push-fanout";

    public override string About => $"{Messages.Count} messages, a second apart, each to {Followers:N0} who follow one thing: the server's CPU for each delivery (the last line), and when the last of a hundred has it";

    public override double Target => 1;

    protected override int Followers => IsQuick ? 1000 : 10_000;

    protected override (int Count, int Pause) Messages => (IsQuick ? 2 : 5, 1000);

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("CPU, NATS ÷ Sharing", round["NATS"].CpuSeconds / round["Sharing"].CpuSeconds),
        ("p99, 1.5 x the better of both ÷ Sharing", 1.5 * Math.Min(round["NATS"].More["p99"], round["nchan"].More["p99"]) / round["Sharing"].More["p99"]),
        .. round.SelectMany(static side => ((string, double)[])[($"microseconds of CPU, {side.Key}", side.Value.More["microseconds"]), ($"p50 in ms, {side.Key}", side.Value.More["p50"]), ($"p99 in ms, {side.Key}", side.Value.More["p99"])]),
    ];
}

/// <summary>More than goes through at once.</summary>
sealed class PushSaturatedComparison : PushComparison
{
    public override string Name => "push-saturated";

    public override string About => $"{Messages.Count} messages, a millisecond apart, to {Followers:N0} who follow one thing: deliveries a second, from the first message sent to the last one taken";

    public override double Target => 1;

    protected override int Followers => 1000;

    protected override (int Count, int Pause) Messages => (IsQuick ? 50 : 300, 1);

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("deliveries a second, Sharing ÷ NATS", round["Sharing"].Rate / round["NATS"].Rate),
        ("deliveries a second, Sharing ÷ nchan", round["Sharing"].Rate / round["nchan"].Rate),
        .. round.Select(static side => ($"microseconds of CPU, {side.Key}", side.Value.More["microseconds"])),
    ];
}
