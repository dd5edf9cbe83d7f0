namespace Sharing.Core;

/// <summary>One place that a content can be read from. Thread-safe; whoever made it disposes of what it holds.</summary>
/// <remarks>An exception means that it did not work this time: the engine rests the source and tries again, a few times. What is permanent is
/// said by <c>null</c> from <see cref="ProbeAsync"/>.</remarks>
public interface IContentSource
{
    /// <summary>What kind of source it is; fixed.</summary>
    SourceTraits Traits { get; }

    /// <summary>Waits until the source has the content, and says what it offers. An origin answers at once; a library when the resource
    /// lands. <c>null</c>: it will never have it.</summary>
    ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default);

    /// <summary>Begins to read at an offset.</summary>
    /// <param name="offset">In bytes, a multiple of the group size.</param>
    /// <param name="validator">The version that the bytes had before (<see cref="SourceOffer.Validator"/>): if the source has another one now, it
    /// answers with that one from its beginning. <c>null</c>: any version.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default);
}
