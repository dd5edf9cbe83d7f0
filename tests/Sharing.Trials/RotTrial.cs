using Sharing.Trials.Rot;

namespace Sharing.Trials;

/// <summary>Something on the disk changes: nobody gets a wrong body, one scrub finds it, and it is brought again from its origin.</summary>
sealed class RotTrial : ITrial, IAsyncDisposable
{
    RotHost? _host;

    public string Name => "rot";

    public int Count => 2000;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        _host ??= await RotHost.StartAsync(random, cancellationToken);
        try
        {
            return await RunAsync(_host, random, Mutation.Draw, cancellationToken);
        }
        catch
        {
            await DisposeAsync(); // the next trial is not to suffer from this one
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.DisposeAsync();
        }
    }

    /// <summary>Changes something, and looks what becomes of it.</summary>
    public static async Task<TrialOutcome> RunAsync(
        RotHost host, Random random, Func<Random, (string Name, Func<RotHost, int, Random, bool> Apply)> draw, CancellationToken cancellationToken)
    {
        string kind;
        int number;
        do
        {
            (kind, var apply) = draw(random);
            number = random.Next(host.Ids.Length);
            if (apply(host, number, random))
            {
                break;
            }
        }
        while (true); // some can not be done to every content

        var readFirst = random.Next(2) == 0;
        var (wrong, refused) = readFirst ? await ReadAllAsync(host, cancellationToken) : default;
        var found = await host.Scrub.ScrubAllAsync(_ => { }, cancellationToken: cancellationToken);
        var finds = found.Mended + found.Damaged + found.Missing + found.Strays;
        wrong += (await ReadAllAsync(host, cancellationToken)).Wrong;
        await host.HealAsync(cancellationToken);
        var whole = 0;
        for (var i = 0; i < host.Ids.Length; i++)
        {
            whole += await host.GetAsync(i, cancellationToken) is { } body && body.AsSpan().SequenceEqual(host.Bytes[i]) ? 1 : 0;
        }

        var again = await host.Scrub.ScrubAllAsync(_ => { }, cancellationToken: cancellationToken);
        var clean = again is { Mended: 0, Damaged: 0, Missing: 0, Strays: 0 };
        return new(
            finds + refused > 0 && wrong == 0 && whole == host.Ids.Length && clean ? null : $"{kind} of {number}: {found}; {wrong} wrong bodies, {whole} whole after the repair, then {again}",
            new() { ["kind"] = kind, ["readFirst"] = readFirst, ["found"] = finds, ["foundByReading"] = refused });
    }

    static async Task<(int Wrong, int Refused)> ReadAllAsync(RotHost host, CancellationToken cancellationToken)
    {
        var (wrong, refused) = (0, 0);
        for (var i = 0; i < host.Ids.Length; i++)
        {
            Count(await host.GetAsync(i, cancellationToken), host.Bytes[i]);
        }

        Count(await host.GetSmallAsync(cancellationToken), RotHost.SmallBytes);
        return (wrong, refused);

        void Count(byte[]? body, byte[] right)
        {
            wrong += body is not null && !body.AsSpan().SequenceEqual(right) ? 1 : 0;
            refused += body is null ? 1 : 0;
        }
    }
}
