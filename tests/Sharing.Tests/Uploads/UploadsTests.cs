using Sharing.Core;
using Sharing.Testing;
using Sharing.Tests.Content;

namespace Sharing.Tests.Uploads;

/// <summary>What uploads keep, whatever breaks.</summary>
public sealed class UploadsTests
{
    const int Group = ContentTree.GroupSize;

    readonly UploadBench _bench = new();

    [Fact(Timeout = 100_000)]
    public async Task The_newest_request_wins_and_the_one_before_keeps_what_has_come()
    {
        const string code = ProblemCodes.UploadInterrupted;
        var bytes = UploadBench.Sample((2 * Group) + 10);
        var id = await _bench.CreateAsync(bytes.Length);
        var trickle = new UploadBench.Trickle();
        trickle.Send(bytes[..1000]);
        var older = _bench.Uploads.AppendAsync(UploadBench.Anna, "things", id, new(0, trickle));
        await trickle.Waiting.Task;
        Assert.Equal(1000, (await _bench.FindAsync(id))!.Offset);
        Assert.Equal(code, (await Assert.ThrowsAsync<SharingException>(() => older)).Code);

        var second = new UploadBench.Trickle();
        second.Send(bytes[1000..2000]);
        older = _bench.Uploads.AppendAsync(UploadBench.Anna, "things", id, new(1000, second));
        await second.Waiting.Task;
        Assert.Equal(ProblemCodes.WrongOffset, (await Assert.ThrowsAsync<SharingException>(() => _bench.AppendAsync(id, 1000, bytes[1000..]))).Code);
        Assert.Equal(code, (await Assert.ThrowsAsync<SharingException>(() => older)).Code);
        await _bench.AppendAsync(id, 2000, bytes[2000..]);
        await _bench.AssertKeptAsync(id, bytes);
    }

    [Fact(Timeout = 100_000)]
    public async Task Nobody_but_the_owner_displaces_anybody()
    {
        var id = await _bench.CreateAsync(2000);
        var trickle = new UploadBench.Trickle();
        var running = _bench.Uploads.AppendAsync(UploadBench.Anna, "things", id, new(0, trickle));
        await trickle.Waiting.Task;
        Assert.Null(await _bench.FindAsync(id, UploadBench.Ben));
        Assert.Null(await _bench.Uploads.AppendAsync(UploadBench.Ben, "things", id, new(0, new MemoryStream(new byte[2000]))));
        Assert.False(await _bench.Uploads.TerminateAsync(UploadBench.Ben, "things", id));
        trickle.Send(new byte[2000]);
        trickle.End();
        Assert.True((await running)!.IsComplete);
    }

    [Fact(Timeout = 100_000)]
    public async Task A_body_that_stands_still_is_given_up_and_what_has_come_of_it_is_kept()
    {
        var id = await _bench.CreateAsync(2000);
        var trickle = new UploadBench.Trickle();
        trickle.Send(new byte[700]);
        var running = _bench.Uploads.AppendAsync(UploadBench.Anna, "things", id, new(0, trickle));
        await trickle.Waiting.Task;
        _bench.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(running.IsCompleted);
        _bench.Clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(ProblemCodes.UploadInterrupted, (await Assert.ThrowsAsync<SharingException>(() => running)).Code);
        Assert.Equal(700, (await _bench.FindAsync(id))!.Offset);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Group)]
    [InlineData((3 * Group) + 5)]
    public async Task What_an_earlier_process_left_is_gone_on_with_at_any_byte(int length)
    {
        var bytes = UploadBench.Sample(length);
        foreach (var cut in new[] { 0, 1, 1000, Group - 1, Group, Group + 1, (2 * Group) + 7 }.Where(cut => cut < length))
        {
            var id = await _bench.CreateAsync(length);
            await _bench.AppendAsync(id, 0, bytes[..cut]);
            _bench.MakeAnew();
            Assert.Equal(cut, (await _bench.FindAsync(id))!.Offset);
            await _bench.AppendAsync(id, cut, bytes[cut..]);
            await _bench.AssertKeptAsync(id, bytes);
        }
    }

    [Fact]
    public async Task Hashes_that_an_earlier_process_left_are_not_relied_on()
    {
        var bytes = UploadBench.Sample((3 * Group) + 5);
        var id = await _bench.CreateAsync(bytes.Length);
        await _bench.AppendAsync(id, 0, bytes[..((2 * Group) + 1)]);
        await using (var partial = await _bench.Store.OpenPartialAsync(UploadKeys.Partial(id)))
        {
            await partial.WriteAsync(ContentArea.Groups, 0, new byte[64]);
        }

        _bench.MakeAnew();
        await _bench.AppendAsync(id, (2 * Group) + 1, bytes[((2 * Group) + 1)..]);
        await _bench.AssertKeptAsync(id, bytes);
    }

    [Fact]
    public async Task After_a_crash_between_the_bytes_and_their_reference_the_sweeps_end_the_upload_before_its_bytes_are_nobodys()
    {
        var bytes = UploadBench.Sample(150_000);
        var id = await _bench.CreateAsync(bytes.Length);
        await _bench.AppendAsync(id, 0, bytes[..100_000]);
        _bench.Plan.Add("records.commit", Fault.Failing(), nth: 2, times: int.MaxValue); // the first says what the bytes are
        await Assert.ThrowsAsync<IOException>(() => _bench.AppendAsync(id, 100_000, bytes[100_000..]));
        _bench.Plan.Clear();
        _bench.MakeAnew();

        for (var sweeps = 0; sweeps < 6; sweeps++)
        {
            await _bench.SweepAsync();
            await _bench.References.SweepAsync(static _ => { });
            _bench.Clock.Advance(TimeSpan.FromHours(10));
        }

        Assert.Equal(bytes.Length, (await _bench.FindAsync(id))!.Offset);
        await _bench.AssertKeptAsync(id, bytes);
    }

    [Fact]
    public async Task A_crash_at_any_commit_of_the_completion_is_mended_by_the_next_who_asks_and_nothing_is_given_twice()
    {
        foreach (var made in new[] { false, true })
        {
            for (var at = 1; at <= 2; at++)
            {
                var bytes = UploadBench.Sample(Group + 5, at);
                var id = await _bench.CreateAsync(bytes.Length);
                _bench.Plan.Add("records.commit", made ? Fault.LosingAnswer() : Fault.Failing(), at);
                await Assert.ThrowsAsync<IOException>(() => _bench.AppendAsync(id, 0, bytes));
                _bench.Plan.Clear();
                _bench.MakeAnew();
                Assert.Equal(ProblemCodes.WrongOffset, (await Assert.ThrowsAsync<SharingException>(() => _bench.AppendAsync(id, 0, bytes))).Code);
                Assert.True((await _bench.FindAsync(id))!.IsComplete);
                await _bench.AssertKeptAsync(id, bytes);
                Assert.Equal(0, await PartialsAsync());
            }
        }

        Assert.Equal(4 * (Group + 5), await _bench.Space.UsedAsync(UploadBench.Anna));
    }

    [Fact]
    public async Task Where_the_receiver_fails_the_next_who_asks_tries_again()
    {
        var bytes = UploadBench.Sample(100);
        var id = await _bench.CreateAsync(100);
        _bench.Things.Completing = () => throw new InvalidOperationException("Not now.");
        await Assert.ThrowsAsync<InvalidOperationException>(() => _bench.AppendAsync(id, 0, bytes));
        _bench.Things.Completing = () => Task.CompletedTask;
        await _bench.AssertKeptAsync(id, bytes);
    }

    [Fact]
    public async Task What_the_receiver_refuses_after_all_leaves_nothing_behind()
    {
        var id = await _bench.CreateAsync(100, metadata: UploadMetadata.Of([new("useless", "No picture.")]));
        var refused = await Assert.ThrowsAsync<SharingException>(() => _bench.AppendAsync(id, 0, UploadBench.Sample(100)));
        Assert.Equal((ProblemCodes.UnsupportedMediaType, "No picture."), (refused.Code, refused.Message));
        Assert.Null(await _bench.FindAsync(id));
        Assert.Equal((0, 0), await _bench.CountAsync(UploadBench.Anna));
    }

    [Fact]
    public async Task Bytes_that_are_being_deleted_just_now_are_not_given_and_not_lost()
    {
        var bytes = UploadBench.Sample(100);
        await _bench.AppendAsync(await _bench.CreateAsync(100), 0, bytes);
        var hash = new byte[Blake3.HashSize];
        Blake3.Hash(bytes, hash);
        var key = ContentKeys.Content(new(hash));
        var there = await _bench.Records.GetAsync(key, ContentRecordsJson.Default.ContentRecord);
        await _bench.Records.CommitAsync(new RecordBatch().Put(
            key, there!.Value with { State = ContentState.Deleting }, ContentRecordsJson.Default.ContentRecord, there.Version));
        var id = await _bench.CreateAsync(100);
        Assert.Equal(ProblemCodes.UploadInterrupted, (await Assert.ThrowsAsync<SharingException>(() => _bench.AppendAsync(id, 0, bytes))).Code);
        await _bench.Store.DeleteAsync(new(hash));
        await _bench.Records.CommitAsync(new RecordBatch().Delete(key, RecordBatch.Any).Put(ContentKeys.Deletions, new("x"), ContentRecordsJson.Default.DeletionsRecord, RecordBatch.Any));
        await _bench.AssertKeptAsync(id, bytes);
    }

    [Fact]
    public async Task A_part_that_was_staged_when_the_process_ended_does_not_count()
    {
        var bytes = UploadBench.Sample(3000);
        var id = await _bench.CreateAsync(3000);
        await _bench.AppendAsync(id, 0, bytes[..1000]);
        await using (var staged = await _bench.Store.OpenPartialAsync(UploadKeys.Staged(id)))
        {
            await staged.WriteAsync(ContentArea.Data, 0, new byte[2500]);
            await staged.FlushAsync();
        }

        _bench.MakeAnew();
        Assert.Equal(1000, (await _bench.FindAsync(id))!.Offset);
        Assert.True(UploadChecksum.TryParse("sha256 " + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(bytes[1000..])), out var checksum));
        await _bench.AppendAsync(id, 1000, bytes[1000..], checksum);
        await _bench.AssertKeptAsync(id, bytes);
        Assert.Equal(0, await PartialsAsync());
    }

    [Fact]
    public async Task The_offset_is_what_is_durable_and_not_what_was_written()
    {
        using var folder = new TemporaryFolder();
        await using var store = new FolderContentStore(folder.Path);
        var bench = new UploadBench(store);
        var id = await bench.CreateAsync(1000);
        await bench.AppendAsync(id, 0, new byte[600]);
        File.WriteAllBytes(folder.Join("partial", $"upload-{id}.data"), new byte[400]); // as a power cut may leave it
        Assert.Equal(400, (await bench.FindAsync(id))!.Offset);
    }

    async Task<int> PartialsAsync()
    {
        var partials = 0;
        await foreach (var _ in ((IPartialListing)_bench.Store).ListPartialsAsync())
        {
            partials++;
        }

        return partials;
    }
}
