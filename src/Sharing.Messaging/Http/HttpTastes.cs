using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>What a server has learnt of a person. Thread-safe.</summary>
public sealed class HttpTastes(ServerConnection server) : ITastes
{
    /// <inheritdoc/>
    public async Task<Taste> FindAsync(PersonId actor, CancellationToken cancellationToken = default) => Known(await server.GetAsync(actor, "v1/taste", MessagingJson.Default.Taste, cancellationToken));

    /// <inheritdoc/>
    public async Task<Taste> ChangeAsync(PersonId actor, TasteChange change, CancellationToken cancellationToken = default) =>
        Known(await server.SendAsync(actor, HttpMethod.Patch, "v1/taste", change, MessagingJson.Default.TasteChange, MessagingJson.Default.Taste, null, cancellationToken));

    /// <inheritdoc/>
    public Task ForgetAsync(PersonId actor, CancellationToken cancellationToken = default) => server.TellAsync(actor, HttpMethod.Delete, "v1/taste", cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> NoteAsync(PersonId actor, TasteNote note, CancellationToken cancellationToken = default) =>
        await server.SendAsync(actor, HttpMethod.Post, "v1/taste/notes", note, MessagingJson.Default.TasteNote, MessagingJson.Default.Taste, null, cancellationToken) is not null;

    static Taste Known(Taste? taste) => taste ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server learns nobody's taste.");
}
