using Sharing.Core;

namespace Sharing.Tests.Content;

public sealed class OperationGateTests
{
    readonly OperationGate _gate = new(typeof(IPartialContent));

    [Fact]
    public async Task Whoever_shuts_it_waits_for_all_who_are_inside()
    {
        var first = _gate.Enter();
        var second = _gate.Enter();
        var shutting = _gate.ShutAsync().AsTask();
        Assert.Throws<ObjectDisposedException>(() => _gate.Enter());
        first.Dispose();
        Assert.False(shutting.IsCompleted);
        second.Dispose();
        Assert.True(await shutting);
    }

    [Fact]
    public async Task Just_one_shuts_it_until_it_is_opened_again()
    {
        Assert.True(await _gate.ShutAsync());
        Assert.False(await _gate.ShutAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _gate.ShutOrThrowAsync());
        _gate.Reopen();
        _gate.Enter().Dispose();
        await _gate.ShutOrThrowAsync();
        Assert.Throws<ObjectDisposedException>(() => _gate.Enter());
    }
}
