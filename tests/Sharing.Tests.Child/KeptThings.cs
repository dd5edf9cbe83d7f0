using System.Text;
using Sharing.Core;

namespace Sharing.Tests.Child;

/// <summary>The smallest system that takes uploads: keeps each under the id of its upload, and calls it by its content.</summary>
public sealed class KeptThings(ContentReferences references) : IUploadReceiver
{
    public string Purpose => "things";

    /// <summary>What was kept.</summary>
    public static RecordRange All { get; } = RecordRange.Under("kept");

    /// <summary>Called after it has filled the batch of a completion.</summary>
    public Func<Task> Completing { get; set; } = static () => Task.CompletedTask;

    public ValueTask<UploadVerdict> AdmitAsync(PersonId actor, UploadRequest request, CancellationToken cancellationToken = default) => new(
        request.Metadata["forbidden"] is { } why ? UploadVerdict.Refused(ProblemCodes.NotAllowed, why) : UploadVerdict.Accepted);

    public async ValueTask<UploadVerdict> CompleteAsync(RecordBatch batch, Upload upload, ContentInfo content, CancellationToken cancellationToken = default)
    {
        if (upload.Metadata["useless"] is { } why)
        {
            return UploadVerdict.Refused(ProblemCodes.UnsupportedMediaType, why);
        }

        if (!await references.AddAsync(batch, content, "kept/" + upload.Id, cancellationToken))
        {
            return UploadVerdict.ContentGone;
        }

        batch.Put(RecordKey.Of("kept", upload.Id.Value), Encoding.UTF8.GetBytes($"\"{content.Id}\""), RecordBatch.Absent);
        await Completing();
        return UploadVerdict.AcceptedAs(content.Id.ToString());
    }
}
