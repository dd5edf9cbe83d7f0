namespace Sharing.Core;

/// <summary>An optional ability of a source that many ask at once: given several parts to choose from, it brings the one that it has given to the fewest, so that those who ask can
/// give each other the rest.</summary>
public interface IPartChooser : IPartSource
{
    /// <summary>Begins to read one of several parts.</summary>
    /// <param name="parts">The parts, at least one, the one that is wanted most first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Which of the parts it is, and its bytes; <c>null</c>: others get all of them just now, and will have them soon.</returns>
    ValueTask<(int Chosen, Stream Body)?> OpenAnyAsync(IReadOnlyList<ByteRun> parts, CancellationToken cancellationToken = default);
}
