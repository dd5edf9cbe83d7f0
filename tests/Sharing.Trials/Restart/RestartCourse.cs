using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Sharing.Trials.Restart;

/// <summary>One trial: Anna shares what she downloads; Ben comments, reshares and gets it; meanwhile processes are killed and started again.</summary>
sealed class RestartCourse(string server, string terminal, Random random, JsonObject facts) : IAsyncDisposable
{
    const int Files = 2;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-").FullName;
    readonly List<Acknowledged> _shares = [];
    RestartOrigin _origin = null!;
    ServerChild _social = null!;
    ServerChild _download = null!;
    TerminalChild _anna = null!;
    TerminalChild _ben = null!;
    RestartWitness _witness = null!;

    /// <returns>What is wrong; <c>null</c>: nothing.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await SetUpAsync(patience.Token);
        var plan = PlanOf(random);
        facts["plan"] = new JsonArray([.. plan.Select(kill => (JsonNode)kill.ToString())]);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var running = _anna.KeepRunningAsync(end.Token);
        var havoc = HavocAsync(plan, end.Token);
        try
        {
            await StoryAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the story did not end within {Patience.TotalSeconds} s; last said: {_anna.LastSaid} / {_ben.LastSaid}";
        }
        finally
        {
            await end.CancelAsync();
            facts["kills"] = await havoc;
            await running;
        }

        await Task.WhenAll(_social.StartAsync(patience.Token), _download.StartAsync(patience.Token));
        await Task.WhenAll(_anna.UntilDoneAsync(patience.Token, "run", "--until-done"), _ben.UntilDoneAsync(patience.Token, "run", "--until-done"));
        facts["commands"] = _anna.Commands + _ben.Commands;
        var wrong = await _witness.CheckAsync(_shares, patience.Token)
            ?? await _anna.CheckAsync(_origin, Files, patience.Token) ?? await _ben.CheckAsync(_origin, Files, patience.Token);
        facts["seconds"] = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1);
        return wrong;
    }

    async Task SetUpAsync(CancellationToken cancellationToken)
    {
        _origin = await RestartOrigin.StartAsync(random, Files);
        string[] people = [.. RestartWitness.People("People", "anna", "ben"), "--Sharing:ConfiguredHosts:0=127.0.0.1", "--Sharing:WorkLease=00:00:05", "--Sharing:PublishTimeout=00:00:05"];
        _social = new(server, Path.Combine(_folder, "social"), [.. people, .. RestartWitness.People("Hosts", "download"), "--Sharing:Roles:0=social"]);
        _download = new(
            server, Path.Combine(_folder, "download"),
            [.. people, "--Sharing:Roles:0=download", $"--Sharing:SocialServer={_social.Address}", $"--Sharing:SocialServerToken={RestartWitness.TokenOf("download")}"]);
        await Task.WhenAll(_social.StartAsync(cancellationToken), _download.StartAsync(cancellationToken));
        _witness = new(_download.Address, _social.Address, _origin);
        await _witness.IntroduceAsync(cancellationToken);
        _anna = new(terminal, Path.Combine(_folder, "anna"), "anna", _download.Address, _social.Address);
        _ben = new(terminal, Path.Combine(_folder, "ben"), "ben", _download.Address, _social.Address);
    }

    async Task StoryAsync(CancellationToken cancellationToken)
    {
        var links = Channel.CreateUnbounded<Acknowledged>();
        var anna = ShareAllAsync(links.Writer, cancellationToken);
        await foreach (var share in links.Reader.ReadAllAsync(cancellationToken))
        {
            await _ben.UntilDoneAsync(cancellationToken, "comment", share.Link, $"Thank you for {share.Link}!");
            await _ben.UntilDoneAsync(cancellationToken, "reshare", share.Link);
            await _ben.UntilDoneAsync(cancellationToken, "get", share.Link);
        }

        await anna;
    }

    async Task ShareAllAsync(ChannelWriter<Acknowledged> links, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < Files; i++)
            {
                var said = await _anna.UntilDoneAsync(
                    cancellationToken, "share", _origin.AddressOf(i).ToString(), "--with", "friends",
                    "--key", string.Create(CultureInfo.InvariantCulture, $"file-{i}"));
                var post = JsonNode.Parse(said)!;
                var share = new Acknowledged((string)post["id"]!, (string)post["link"]!);
                _shares.Add(share);
                await links.WriteAsync(share, cancellationToken);
            }
        }
        finally
        {
            links.Complete();
        }
    }

    static List<Kill> PlanOf(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(2, 6)).Select(_ => new Kill(
            (Victims)random.Next(1, 16), TimeSpan.FromMilliseconds(random.Next(50, 2500)), TimeSpan.FromMilliseconds(random.Next(0, 600)))),
    ];

    /// <summary>Kills by plan, as long as the story lasts.</summary>
    async Task<int> HavocAsync(List<Kill> plan, CancellationToken cancellationToken)
    {
        var kills = 0;
        try
        {
            foreach (var kill in plan)
            {
                await Task.Delay(kill.After, TimeProvider.System, cancellationToken);
                kills += kill.Of(Victims.Anna) && _anna.Kill() ? 1 : 0;
                kills += kill.Of(Victims.Ben) && _ben.Kill() ? 1 : 0;
                kills += kill.Of(Victims.Social) ? await _social.KillAsync() : 0;
                kills += kill.Of(Victims.Download) ? await _download.KillAsync() : 0;
                await Task.Delay(kill.Down, TimeProvider.System, cancellationToken);
                await Task.WhenAll(_social.StartAsync(cancellationToken), _download.StartAsync(cancellationToken));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return kills;
        }

        return kills;
    }

    public async ValueTask DisposeAsync()
    {
        _anna?.Kill();
        _ben?.Kill();
        foreach (var part in new IAsyncDisposable?[] { _witness, _social, _download, _origin })
        {
            await (part?.DisposeAsync() ?? default);
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Flags]
    enum Victims
    {
        Anna = 1,
        Ben = 2,
        Social = 4,
        Download = 8,
    }

    sealed record Kill(Victims Whom, TimeSpan After, TimeSpan Down)
    {
        public bool Of(Victims one) => Whom.HasFlag(one);

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Whom} after {After.TotalMilliseconds} ms, down {Down.TotalMilliseconds} ms");
    }
}

/// <summary>A share that the terminal said was done.</summary>
sealed record Acknowledged(string Id, string Link);
