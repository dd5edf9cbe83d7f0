using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Offline;

namespace Sharing.Tests.Child;

/// <summary>Everything that changes what is durable, round after round, telling what was acknowledged: to be killed at a named step or at any moment.</summary>
public sealed class Storing
{
    public static readonly PersonId Anna = PersonId.Parse("anna");

    /// <summary>Who gets messages.</summary>
    public static IReadOnlyList<PersonId> Receivers { get; } = [.. Enumerable.Range(0, 55).Select(static i => PersonId.Parse(string.Create(CultureInfo.InvariantCulture, $"receiver-{i}")))];

    readonly Uri _origin;
    readonly ServiceProvider _services;
    readonly List<(string Owner, ContentId Id)> _referred = [];
    readonly bool _goesOn;

    Storing(string folder, Uri origin, bool goesOn) => (_origin, _services, _goesOn) = (origin, Open(folder), goesOn);

    /// <param name="folder">The data.</param>
    /// <param name="origin">Serves <c>/N</c>.</param>
    /// <param name="rounds">How many; the first number that was not used before is the first.</param>
    /// <param name="first">The number of the first round.</param>
    /// <param name="step">Where the process ends itself; "-" for nowhere.</param>
    /// <param name="occurrence">The how-manieth time it gets there.</param>
    public static async Task<int> RunAsync(string folder, Uri origin, int rounds, int first, string step, int occurrence)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        using var listening = Step.Listen(name =>
        {
            lock (counts)
            {
                counts[name] = counts.GetValueOrDefault(name) + 1;
                if (name == step && counts[name] == occurrence)
                {
                    System.Diagnostics.Process.GetCurrentProcess().Kill(); // SIGKILL: nothing is tidied up
                    Thread.Sleep(Timeout.Infinite);
                }
            }
        });
        var storing = new Storing(folder, origin, goesOn: false);
        await using (storing._services)
        {
            Tell("ready");
            for (var round = first; round < first + rounds; round++)
            {
                await storing.RoundAsync(round);
            }
        }

        foreach (var (name, count) in counts)
        {
            Tell($"step {name} {count}");
        }

        Tell("end");
        return 0;
    }

    /// <summary>The same, of a process that outlives its faults: tells what failed, and goes on with the next. After each round it sweeps, and reads what it was told is there.</summary>
    public static async Task<int> RunOnAsync(string folder, Uri origin, int rounds, int first)
    {
        Storing storing;
        try
        {
            storing = new(folder, origin, goesOn: true);
            _ = storing._services.GetRequiredService<IContentStore>();
            _ = storing._services.GetRequiredService<IRecordStore>();
            _ = storing._services.GetRequiredService<OfflineIngest>();
        }
        catch (Exception fault)
        {
            Tell($"failed start {CodeOf(fault)}");
            Tell("end");
            return 0;
        }

        Tell("ready");
        for (var round = first; round < first + rounds; round++)
        {
            await storing.RoundAsync(round);
            await storing.ReadAllAsync();
            Tell($"round {round}");
        }

        await storing.TryAsync("close", async () => await storing._services.DisposeAsync());
        Tell("end");
        return 0;
    }

    /// <summary>The host over the data; whoever checks it opens it alike.</summary>
    public static ServiceProvider Open(string folder, TimeProvider? time = null)
    {
        var services = new ServiceCollection().AddLogging();
        if (time is not null)
        {
            services.AddSingleton(time);
        }

        return services.AddSharing(sharing => sharing.UseFolder(folder).AddDownloadServer().AddUploads<KeptThings>().AddMessages().UseNetworkIds<AnyNetworkId>()
            .WithFetching(fetching => fetching.Configured.Add("127.0.0.1"))
            .WithTransfers(transfers => (transfers.ChunkSize, transfers.CheckpointBytes) = (ContentTree.GroupSize, ContentTree.GroupSize))
            .WithSweep(sweep => (sweep.Grace, sweep.PartialAge) = time is null ? (TimeSpan.Zero, TimeSpan.Zero) : (sweep.Grace, sweep.PartialAge))).BuildServiceProvider();
    }

    public static byte[] Bytes(int round, int kind)
    {
        var bytes = new byte[kind switch { 0 => 3_000, 1 => 70_000, 2 => 300_001, 3 => 150_000, _ => 200_000 }];
        new Random((round * 10) + kind).NextBytes(bytes);
        return bytes;
    }

    public static string PartialKey(int round) => string.Create(CultureInfo.InvariantCulture, $"partial-{round}");

    async Task RoundAsync(int round)
    {
        for (var kind = 0; kind < 3; kind++)
        {
            var (of, tried) = (kind, string.Create(CultureInfo.InvariantCulture, $"put {round} {kind}"));
            await TryAsync(tried, () => PutAsync(round, of));
        }

        await TryAsync($"partial {round}", () => PartialAsync(round));
        await TryAsync($"keep {round}", () => KeepAsync(round));
        await TryAsync($"ingest {round}", () => _services.GetRequiredService<OfflineIngest>().RunOnceAsync());
        await TryAsync($"upload {round}", () => UploadAsync(round));
        await TryAsync($"message {round}", () => MessageAsync(round));
        if (round % 2 == 1)
        {
            await TryAsync($"leave {round}", () => _services.GetRequiredService<IContentStore>().PutAsync(new MemoryStream(Bytes(round, 5)))); // and nobody refers to it
            await TryAsync($"drop {round}", () => DropAsync(_referred.Count > 0 ? _referred[0] : default));
            await TryAsync($"sweep {round}", SweepAsync);
        }
    }

    /// <summary>What fails ends the process, or is told.</summary>
    async Task TryAsync(string what, Func<Task> act)
    {
        if (!_goesOn)
        {
            await act();
            return;
        }

        Tell($"try {what}");
        try
        {
            await act();
        }
        catch (Exception fault)
        {
            Tell($"failed {what} {CodeOf(fault)}");
        }
    }

    static string CodeOf(Exception fault) => fault is SharingException problem ? problem.Code : fault.GetType().Name;

    /// <summary>Reads whatever was told to be there: no fault of writing may hinder that.</summary>
    async Task ReadAllAsync()
    {
        var store = _services.GetRequiredService<IContentStore>();
        foreach (var (owner, id) in _referred)
        {
            try
            {
                var part = owner.Split('-');
                await using var reader = await store.OpenAsync(id) ?? throw new IOException("It is not there.");
                var bytes = new byte[reader.Info.Length];
                if (await ReadAsync(reader, bytes) < bytes.Length || !bytes.AsSpan().SequenceEqual(Bytes(int.Parse(part[1], CultureInfo.InvariantCulture), int.Parse(part[2], CultureInfo.InvariantCulture))))
                {
                    throw new IOException("It has other bytes.");
                }
            }
            catch (Exception fault)
            {
                Tell($"unreadable {owner} {fault.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    static async Task<int> ReadAsync(IContentReader reader, byte[] bytes)
    {
        var done = 0;
        while (done < bytes.Length && await reader.ReadAsync(ContentArea.Data, done, bytes.AsMemory(done)) is > 0 and var read)
        {
            done += read;
        }

        return done;
    }

    async Task PutAsync(int round, int kind)
    {
        var info = await _services.GetRequiredService<IContentStore>().PutAsync(new MemoryStream(Bytes(round, kind)));
        await ReferAsync(info, $"put-{round}-{kind}");
        Tell($"put {round} {kind} {info.Id}");
    }

    async Task ReferAsync(ContentInfo info, string owner)
    {
        var references = _services.GetRequiredService<ContentReferences>();
        var added = await _services.GetRequiredService<IRecordStore>().ChangeAsync(async batch => await references.AddAsync(batch, info, owner)
            ? true
            : throw new InvalidOperationException($"The content {info.Id}, just published, is not there."));
        _referred.Add((owner, info.Id));
    }

    /// <summary>Put together piece by piece: what was flushed counts, whether it is ever published or not.</summary>
    async Task PartialAsync(int round)
    {
        var bytes = Bytes(round, 3);
        await using var partial = await _services.GetRequiredService<IContentStore>().OpenPartialAsync(PartialKey(round));
        var writer = new ContentWriter(partial);
        await writer.AppendAsync(bytes.AsMemory(0, ContentTree.GroupSize));
        await partial.FlushAsync();
        Tell($"flushed {round} {ContentTree.GroupSize}");
        await writer.AppendAsync(bytes.AsMemory(ContentTree.GroupSize));
        if (round % 3 == 2)
        {
            return; // some are never finished
        }

        var info = await writer.FinishAsync();
        Tell($"publishing {round}");
        await partial.PublishAsync(info);
        await ReferAsync(info, $"put-{round}-3");
        Tell($"put {round} 3 {info.Id}");
    }

    /// <summary>In two parts; every third one is given up in the middle.</summary>
    async Task UploadAsync(int round)
    {
        var (uploads, bytes) = (_services.GetRequiredService<Uploads>(), Bytes(round, 4));
        var upload = (await uploads.CreateAsync(Anna, "things", new(bytes.Length, UploadMetadata.Empty)))!;
        Tell($"upload {round} {upload.Id} 0");
        upload = (await uploads.AppendAsync(Anna, "things", upload.Id, new(0, new MemoryStream(bytes, 0, 100_000))))!;
        Tell($"upload {round} {upload.Id} {upload.Offset}");
        if (round % 3 == 0)
        {
            Tell($"give-up {round}");
            await uploads.TerminateAsync(Anna, "things", upload.Id);
            return;
        }

        upload = (await uploads.AppendAsync(Anna, "things", upload.Id, new(upload.Offset, new MemoryStream(bytes, 100_000, bytes.Length - 100_000))))!;
        Tell($"uploaded {round} {upload.Id} {upload.Result}");
    }

    /// <summary>To more receivers than one commit takes.</summary>
    async Task MessageAsync(int round)
    {
        var sent = await _services.GetRequiredService<IMessages>().SendAsync(
            Anna, new() { To = [.. Receivers.Select(static one => one.Value)], Resource = new() { Name = "x", Addresses = [new(_origin, $"/{round}")] } }, string.Create(CultureInfo.InvariantCulture, $"{round}"));
        Tell($"message {round} {sent.Id}");
        while (await _services.GetRequiredService<MessageBook>().Queue.NextDueAsync() is { } due && due <= DateTimeOffset.UtcNow.AddSeconds(1)) // due times are rounded up
        {
            await _services.GetRequiredService<MessageBook>().RunOnceAsync();
        }
    }

    async Task KeepAsync(int round)
    {
        var library = _services.GetRequiredService<OfflineLibrary>();
        await library.KeepAsync(Anna, new() { Address = new(_origin, $"/{round}"), Name = "x" });
        Tell($"keep {round}");
    }

    Task SweepAsync()
    {
        Tell("sweep");
        return _services.GetRequiredService<SweepService>().SweepOnceAsync();
    }

    async Task DropAsync((string Owner, ContentId Id) one)
    {
        if (one.Owner is null)
        {
            return;
        }

        Tell($"drop {one.Owner}");
        _referred.Remove(one); // also where it fails: nobody knows then
        await _services.GetRequiredService<IRecordStore>().ChangeAsync(async batch =>
        {
            await _services.GetRequiredService<ContentReferences>().RemoveAsync(batch, one.Id, one.Owner);
            return true;
        });
    }

    static void Tell(string line)
    {
        lock (Anna.Value)
        {
            Console.WriteLine(line);
        }
    }
}
