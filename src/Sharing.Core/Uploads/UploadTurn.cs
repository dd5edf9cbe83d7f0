namespace Sharing.Core;

/// <summary>The turn at an upload, until it is disposed.</summary>
sealed class UploadTurn(UploadSession session, Action leave, CancellationToken displaced) : IDisposable
{
    public UploadSession Session => session;

    /// <summary>Fires when a newer request wants the turn.</summary>
    public CancellationToken Displaced => displaced;

    public void Dispose() => leave();
}
