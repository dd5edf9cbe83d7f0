namespace Sharing.Testing;

/// <summary>Calls that move bytes, gone wrong: one way for every wrapper.</summary>
static class FaultyBytes
{
    /// <summary>A read that is torn has half the bytes, and fails; one that is corrupted has a bit turned.</summary>
    public static ValueTask<int> ReadAsync(
        FaultPlan plan, string operation, Memory<byte> buffer, Func<Memory<byte>, ValueTask<int>> read, CancellationToken cancellationToken)
    {
        return plan.RunAsync(operation, () => read(buffer), cancellationToken, () => read(buffer[..(buffer.Length / 2)]), CorruptAsync);

        async ValueTask<int> CorruptAsync()
        {
            var count = await read(buffer);
            FaultPlan.Turn(buffer.Span[..count]);
            return count;
        }
    }

    /// <summary>A write that is torn wrote half the bytes, and fails; one that is corrupted wrote a bit turned.</summary>
    public static ValueTask WriteAsync(
        FaultPlan plan, string operation, ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, ValueTask> write, CancellationToken cancellationToken) =>
        plan.RunAsync(operation, () => write(bytes), cancellationToken, () => write(bytes[..(bytes.Length / 2)]), () => write(Turned(bytes)));

    public static ReadOnlyMemory<byte> Turned(ReadOnlyMemory<byte> bytes)
    {
        var copy = bytes.ToArray();
        FaultPlan.Turn(copy);
        return copy;
    }
}
