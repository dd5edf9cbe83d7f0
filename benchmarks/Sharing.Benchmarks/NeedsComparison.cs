using System.Diagnostics;
using System.Text.Json;
using Sharing.Core;
using Sharing.Photos;

namespace Sharing.Benchmarks;

/// <summary>What a device asks before it uploads.</summary>
sealed class NeedsComparison : Comparison
{
    const double Allowed = 0.05;

    readonly List<ContentId> _device = [];
    ServiceProvider _services = null!;
    int _count;

    public override string Name => "needs";

    public override string About => $"which of {_count:N0} photos of a device a server lacks that has all but one in a thousand of them, in SQLite; bytes both ways against the hashes as JSON (at least 5 ×), and CPU of both sides against 50 ms";

    public override double Target => 1;

    public override int Judged => 2;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [("Sharing", OursAsync), ("hashes as JSON", TheirsAsync)];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("bytes, JSON ÷ Sharing ÷ 5", round["hashes as JSON"].More["bytes"] / round["Sharing"].More["bytes"] / 5),
        ("50 ms ÷ CPU", Allowed / round["Sharing"].CpuSeconds),
        .. round.Select(side => ($"bytes a photo, {side.Key}", side.Value.More["bytes"] / _count)),
        ("ms of CPU", 1e3 * round["Sharing"].CpuSeconds),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        _count = quick ? 10_000 : 100_000;
        _services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.UseFolder(folder).AddPhotos().WithBackgroundWork(false)).BuildServiceProvider();
        var random = new Random(1);
        var hash = new byte[ContentId.Size];
        for (var i = 0; i < _count; i++)
        {
            random.NextBytes(hash);
            _device.Add(new(hash));
        }

        var known = _device.Where(static (_, i) => i % 1000 != 0).Select(static content => new StoredPhoto(PersonId.Parse("anna"), "a", "a", null, new(content, 1), default, null) { Device = "phone" });
        var batch = new RecordBatch();
        await _services.GetRequiredService<KnownPhotos>().NoteAsync(batch, PersonId.Parse("anna"), known, came: true, CancellationToken.None);
        await _services.GetRequiredService<IRecordStore>().CommitAsync(batch);
    }

    public override ValueTask EndAsync() => _services.DisposeAsync();

    async Task<Cost> OursAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            await AskAsync(); // compiled
        }

        GC.Collect(); // what the other side left
        var (cpu, started) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var bytes = await AskAsync();
        return new(Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds) { More = new Dictionary<string, double>(StringComparer.Ordinal) { ["bytes"] = bytes } };
    }

    async Task<long> AskAsync()
    {
        var (bytes, lacking) = (0L, 0);
        foreach (var set in _device.Select(HashPrefixes.Of).Order().Chunk(HashPrefixes.Most))
        {
            var question = JsonSerializer.SerializeToUtf8Bytes(new() { Device = "phone", Hashes = Convert.ToBase64String(HashPrefixes.Encode(set)) }, PhotosJson.Default.DevicePhotosAsked);
            var asked = JsonSerializer.Deserialize(question, PhotosJson.Default.DevicePhotosAsked)!;
            var answer = JsonSerializer.SerializeToUtf8Bytes(await _services.GetRequiredService<IDevicePhotos>().LackingAsync(PersonId.Parse("anna"), asked), PhotosJson.Default.DevicePhotosLacking);
            bytes += question.Length + answer.Length;
            var bits = Convert.FromBase64String(JsonSerializer.Deserialize(answer, PhotosJson.Default.DevicePhotosLacking)!.Lacking);
            lacking += bits.Sum(static some => System.Numerics.BitOperations.PopCount(some));
        }

        return lacking == _count / 1000 ? bytes : throw new InvalidOperationException("That is not what it lacks.");
    }

    Task<Cost> TheirsAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var bytes = JsonSerializer.SerializeToUtf8Bytes(_device.Select(static content => content.ToString())).Length + (_count / 1000 * 67);
        return Task.FromResult(new Cost(Stopwatch.GetElapsedTime(started).TotalSeconds, 0) { More = new Dictionary<string, double>(StringComparer.Ordinal) { ["bytes"] = bytes } });
    }
}
