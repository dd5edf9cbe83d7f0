using Sharing.Core;
using Sharing.Photos;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Photos;

public sealed class EvictionTests
{
    const int Size = 1000;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static byte[] Bytes(int seed)
    {
        var bytes = new byte[Size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    static Task<PhotoServer> ServerAsync(bool evicts) =>
        StartAsync(static sharing => sharing.WithUploads(static uploads => uploads.SpacePerPerson = 10 * Size), options => options.Evicts = evicts);

    [Fact, Trait("Row", "F7")]
    public async Task When_the_space_runs_out_the_oldest_photos_go_and_the_dry_run_said_which_and_who_loses_them()
    {
        await using var server = await ServerAsync(evicts: true);
        var ids = new List<PhotoId>();
        for (var i = 0; i < 10; i++)
        {
            ids.Add(await server.UploadAsync(Anna, Bytes(i), ("name", $"{i}")));
            server.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await server.Grants.GrantAsync(Anna, new() { Photos = [ids[1]], Friends = [Ben], Addresses = ["Carl@example.org"] }, Cancel);
        var plan = await server.Host.Get<IPhotoSpace>().PlanAsync(Anna, 2 * Size, Cancel);
        Assert.Equal((true, "0 []; 1 [ben carl@example.org]"), (plan.Fits, string.Join("; ", plan.Photos.Select(static gone => $"{gone.Name} [{string.Join(' ', gone.SharedWith.Order(StringComparer.Ordinal))}]"))));
        await server.UploadAsync(Anna, [.. Bytes(20), .. Bytes(21)]);
        Assert.Equal(["2", "3", "4", "5", "6", "7", "8", "9"], (await server.Photos.ListAsync(Anna, default, Cancel).Select(static photo => photo.Name).ToListAsync(Cancel)).Where(static name => name.Length == 1).Order(StringComparer.Ordinal));
        Assert.False((await server.Host.Get<IPhotoSpace>().PlanAsync(Anna, 11 * Size, Cancel)).Fits);
        Assert.Equal(ProblemCodes.QuotaExceeded, (await Assert.ThrowsAsync<SharingException>(() => server.UploadAsync(Anna, new byte[11 * Size]))).Code);
        Assert.Equal(10 * Size, await server.Host.Get<SpaceLedger>().UsedAsync(Anna, Cancel));
    }

    [Fact, Trait("Row", "F7")]
    public async Task Where_the_host_chose_otherwise_nothing_goes_and_the_next_is_refused()
    {
        await using var server = await ServerAsync(evicts: false);
        for (var i = 0; i < 10; i++)
        {
            await server.UploadAsync(Anna, Bytes(i));
        }

        Assert.False((await server.Host.Get<IPhotoSpace>().PlanAsync(Anna, Size, Cancel)).Fits);
        Assert.Equal(ProblemCodes.QuotaExceeded, (await Assert.ThrowsAsync<SharingException>(() => server.UploadAsync(Anna, Bytes(10)))).Code);
        Assert.Equal(10, await server.Photos.ListAsync(Anna, default, Cancel).CountAsync(Cancel));
    }

    [Theory, Trait("Row", "F7")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_64_uploads_at_once_with_room_for_ten_the_limit_holds_at_every_moment(bool evicts)
    {
        await using var server = await ServerAsync(evicts);
        var space = server.Host.Get<SpaceLedger>();
        var most = 0L;
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            try
            {
                var id = await server.UploadAsync(Anna, Bytes(i));
                var used = await space.UsedAsync(Anna, Cancel);
                InterlockedMax(ref most, used);
                return (PhotoId?)id;
            }
            catch (SharingException e) when (e.Code == ProblemCodes.QuotaExceeded)
            {
                return null;
            }
        }));
        var kept = await server.Photos.ListAsync(Anna, default, Cancel).ToListAsync(Cancel);
        Assert.InRange(most, Size, 10 * Size);
        Assert.Equal(kept.Count * Size, await space.UsedAsync(Anna, Cancel));
        Assert.Equal(10, kept.Count);
        Assert.True(evicts ? results.Count(static id => id is not null) >= 10 : results.Count(static id => id is not null) == 10);
        Assert.Empty(await server.Host.Get<IRecordStore>().ScanAsync(RecordRange.Under("upload"), Cancel).Where(static upload => upload.Json.Span.IndexOf("\"complete\":false"u8) >= 0).ToListAsync(Cancel));
    }

    static void InterlockedMax(ref long most, long value)
    {
        long seen;
        while ((seen = Interlocked.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
