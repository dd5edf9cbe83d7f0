using System.Buffers;

namespace Sharing.Core;

/// <summary>One read from one source: from the first missing group that it was asked for, up to the next group that is there. A source that brings no parts
/// reads on as long as the selector goes on giving it the next chunk.</summary>
sealed class SourceRun(Intake intake, ChunkBoard chunks, SourceRoster sources, TransferMeter meter, Assignment assignment, int epoch)
{
    /// <summary>What is asked of the selector in one go: 1 MiB.</summary>
    const int MostGroups = 16;

    /// <summary>What is taken at once at most, while more is read: what a processor's own cache has room for, 256 KiB.</summary>
    const int GroupsAtOnce = 4;

    readonly SourceSlot slot = assignment.Slot;
    readonly byte[] _expected = new byte[MostGroups * ContentId.Size];
    bool _isProven;
    bool _fromStart;
    int _epoch = epoch;
    long _brought;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        var (read, failed) = (default(SourceRead), false);
        try
        {
            read = await OpenAsync(cancellationToken);
            if (read is not null)
            {
                await CopyAsync(read, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Overtaken, or the transfer ended.
        }
        catch (SourceFailedException)
        {
            failed = true;
            throw;
        }
        finally
        {
            await CloseAsync(read);
            await ReleaseAsync(failed);
        }
    }

    /// <summary>Begins the read; <c>null</c>: there is nothing to be had from it.</summary>
    async Task<SourceRead?> OpenAsync(CancellationToken cancellationToken)
    {
        long offset;
        string? validator;
        List<ByteRun>? parts = null;
        using (await intake.EnterAsync())
        {
            var (state, group) = (intake.Groups.State, intake.Groups.Have.FirstMissing(assignment.FirstGroup));
            if (_epoch != intake.Epoch || group >= assignment.EndGroup || (state.Length is { } length && group >= ContentTree.GroupCount(length)))
            {
                return null;
            }

            validator = state.Proofs ? null : state.Validator;
            parts = chunks.InsteadOf(assignment);
            offset = state.Proofs || validator is not null ? group * ContentTree.GroupSize : 0; // versions that cannot be told apart: from the beginning
        }

        var started = chunks.Now;
        var read = await SourceFaults.FromSourceAsync(() => OpenAsync(offset, validator, parts, cancellationToken), cancellationToken);
        if (read is null)
        {
            return null;
        }

        try
        {
            if (slot.Parts is null && read.Offset != offset && read.Offset != 0)
            {
                throw new SourceFailedException("It answered with another range than was asked for.");
            }

            _fromStart = slot.Parts is null && read.Offset != offset;
            slot.Latency = TimeSpan.FromSeconds(chunks.Now - started);
            for (var waits = true; waits;)
            {
                Task settled;
                using (await intake.EnterAsync())
                {
                    (waits, settled) = (_epoch == intake.Epoch && intake.MustWait(read.Offer), intake.Settled);
                    if (!waits && await AcceptAsync(read))
                    {
                        return read;
                    }
                }

                await (waits ? settled.WaitAsync(cancellationToken) : Task.CompletedTask);
            }
        }
        catch
        {
            await CloseAsync(read);
            throw;
        }

        await CloseAsync(read);
        return null;
    }

    async ValueTask<SourceRead?> OpenAsync(long offset, string? validator, List<ByteRun>? choice, CancellationToken cancellationToken)
    {
        if (choice is not null && slot.Parts is IPartChooser chooser)
        {
            var answer = await chooser.OpenAnyAsync(choice, cancellationToken);
            using (await intake.EnterAsync())
            {
                chunks.Answered(assignment, choice, answer?.Chosen ?? -1);
            }

            return answer is var (chosen, body) ? new SourceRead(slot.Offer!, choice[chosen].Offset, body) : null;
        }

        if (slot.Parts is not { } parts)
        {
            return await slot.Source.OpenAsync(offset, validator, cancellationToken);
        }

        var end = Math.Min(assignment.EndGroup * ContentTree.GroupSize, slot.Offer!.Length ?? long.MaxValue);
        return new SourceRead(slot.Offer, offset, await parts.OpenPartAsync(offset, end - offset, cancellationToken));
    }

    async Task<bool> AcceptAsync(SourceRead read)
    {
        if (_epoch != intake.Epoch)
        {
            return false;
        }

        await intake.AcceptAsync(slot, read.Offer);
        if (_epoch == intake.Epoch)
        {
            return true;
        }

        _epoch = intake.Epoch;
        return read.Offset == 0; // another version: this read brings it from its beginning, unless it was a range of it
    }

    async Task CopyAsync(SourceRead read, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostGroups * ContentTree.GroupSize);
        slot.BeginRead(chunks.Now);
        try
        {
            var group = read.Offset / ContentTree.GroupSize;
            while (await TakingAsync(NextAsync(group)) is var (wanted, skip) && wanted >= 0
                && await CopyAsync(read.Body, group, buffer.AsMemory(0, wanted), skip, cancellationToken))
            {
                group += ContentTree.GroupCount(wanted);
            }
        }
        finally
        {
            slot.EndRead(chunks.Now);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads groups that follow each other and takes them as soon as they are whole, while the next are read. What can be proven is proven before more is read: a wrong group is the last
    /// that is asked of a source.</summary>
    /// <returns>Whether to go on.</returns>
    async Task<bool> CopyAsync(Stream body, long first, Memory<byte> run, bool skip, CancellationToken cancellationToken)
    {
        var (filled, taken, taking) = (0, 0, Task.FromResult(true));
        try
        {
            do
            {
                var atLeast = Math.Min((filled / ContentTree.GroupSize * ContentTree.GroupSize) + ContentTree.GroupSize, run.Length);
                var atMost = _isProven ? atLeast : Math.Min(taken + (GroupsAtOnce * ContentTree.GroupSize), run.Length);
                var start = filled;
                filled += await FillAsync(body, run[filled..atMost], atLeast - filled, cancellationToken);
                var isRight = !_isProven || filled < atLeast || IsRight(first, start, run[start..filled]);
                var whole = !isRight ? start : filled == run.Length ? filled : filled / ContentTree.GroupSize * ContentTree.GroupSize;
                if (!_isProven || taking.IsCompleted || !isRight || filled < atLeast || whole - taken >= GroupsAtOnce * ContentTree.GroupSize || whole == run.Length)
                {
                    var goesOn = await TakingAsync(taking);
                    taking = goesOn && !skip && (whole > taken || run.IsEmpty) ? TakeAsync(first, taken, run[taken..whole]) : taking;
                    taken = whole;
                    if (isRight && !goesOn)
                    {
                        return false;
                    }
                }

                if (!isRight || filled < atLeast)
                {
                    if (await taking || !isRight)
                    {
                        await (isRight ? intake.TakeEndAsync(assignment, _epoch, first + (whole / ContentTree.GroupSize), run[whole..filled]) : intake.RefuseAsync(slot, _epoch));
                    }

                    return false;
                }
            }
            while (filled < run.Length); // the only group of the empty content is taken, too
        }
        catch
        {
            await taking; // wrong bytes count for more than that no others came
            throw;
        }

        return await taking;
    }

    /// <summary>Waits for ourselves: the source is not to blame.</summary>
    async Task<T> TakingAsync<T>(Task<T> own)
    {
        if (own.IsCompleted)
        {
            return await own;
        }

        slot.Pause();
        try
        {
            return await own;
        }
        finally
        {
            slot.GoOn(chunks.Now);
        }
    }

    /// <summary>Whether a group is what it must be.</summary>
    bool IsRight(long first, int start, Memory<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[ContentId.Size];
        var index = start / ContentTree.GroupSize;
        intake.Groups.Hash(first + index, bytes.Span, hash);
        return hash.SequenceEqual(_expected.AsSpan(index * ContentId.Size, ContentId.Size));
    }

    Task<bool> TakeAsync(long first, int start, Memory<byte> bytes)
    {
        var index = start / ContentTree.GroupSize;
        var proven = _isProven ? _expected.AsMemory(index * ContentId.Size, (int)ContentTree.GroupCount(bytes.Length) * ContentId.Size) : default;
        return Task.Run(() => intake.TakeGroupsAsync(assignment, _epoch, first + index, bytes, proven), CancellationToken.None);
    }

    /// <summary>How many bytes to read from a group on (-1: stop here), and whether to pass over them because they are there.</summary>
    async Task<(int Wanted, bool Skip)> NextAsync(long group)
    {
        using (await intake.EnterAsync())
        {
            _isProven = false;
            var length = intake.Groups.State.Length;
            if (_epoch != intake.Epoch || (length is { } total && group >= ContentTree.GroupCount(total)))
            {
                return (-1, false);
            }

            if (intake.Groups.Have[group])
            {
                // Only of a source that knows no ranges are bytes taken that are there.
                return _fromStart ? (intake.Groups.GroupLength(group), true) : (-1, false);
            }

            if (group >= assignment.EndGroup && (slot.Parts is not null || !chunks.TryExtend(assignment, group)))
            {
                return (-1, false);
            }

            var wanted = intake.Groups.GroupLength(group);
            var end = Math.Min(assignment.EndGroup, group + MostGroups);
            for (var next = group + 1; next < end && (length is null || next < ContentTree.GroupCount(length.Value)) && !intake.Groups.Have[next]; next++)
            {
                wanted += intake.Groups.GroupLength(next);
            }

            _isProven = intake.Groups.Proofs;
            if (_isProven)
            {
                await intake.Groups.ReadHashesAsync(group, _expected.AsMemory(0, (int)ContentTree.GroupCount(wanted) * ContentId.Size), CancellationToken.None);
            }

            return (wanted, false);
        }
    }

    async Task<int> FillAsync(Stream body, Memory<byte> buffer, int atLeast, CancellationToken cancellationToken)
    {
        var done = 0;
        while (done < atLeast)
        {
            var read = await SourceFaults.FromSourceAsync(() => body.ReadAsync(buffer[done..], cancellationToken), cancellationToken);
            if (read == 0)
            {
                break;
            }

            _brought += read;
            slot.CountBrought(read);
            meter.Count(slot, read);
            slot.Measure(read, chunks.Now);
            done += read;
        }

        return done;
    }

    static async Task CloseAsync(SourceRead? read)
    {
        try
        {
            await (read?.DisposeAsync() ?? default);
        }
        catch (Exception)
        {
            // It is given up anyway.
        }
    }

    async Task ReleaseAsync(bool failed)
    {
        slot.CountWasted(_brought - assignment.Kept);
        try
        {
            using (await intake.EnterAsync())
            {
                chunks.Release(assignment);
                slot.Failing |= failed;
                sources.Signal();
            }
        }
        catch (OperationCanceledException)
        {
            // The transfer ended: nobody needs the chunk.
        }
    }
}
