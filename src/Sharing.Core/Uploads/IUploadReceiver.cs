namespace Sharing.Core;

/// <summary>A system that takes uploads in: says what may be uploaded, and makes what was uploaded its own.</summary>
/// <remarks>Thread-safe singleton, registered by <c>AddUploads</c>; one for each purpose. The bytes are content by the time <see cref="CompleteAsync"/> is
/// called. An exception is a fault: it is answered as such, and tried again when the client asks the next time.</remarks>
public interface IUploadReceiver
{
    /// <summary>The last part of the address: 1 to 40 lower-case letters, digits and hyphens, e.g. "photos". Never changes.</summary>
    string Purpose { get; }

    /// <summary>Whether a person may upload that. Called before anything is written; his space and the greatest length are looked at besides.</summary>
    ValueTask<UploadVerdict> AdmitAsync(PersonId actor, UploadRequest request, CancellationToken cancellationToken = default);

    /// <summary>Where a person has too little room for an upload: adds to a batch what deletes something of his. The commit of this batch begins the upload. By default nothing is deleted.</summary>
    /// <param name="batch">The batch. It may end in a conflict: then this is called again, with another.</param>
    /// <param name="actor">Whose room.</param>
    /// <param name="missing">How many bytes are missing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many bytes of room that frees, which are not to be released besides; fewer than are missing refuses the upload, and nothing is deleted.</returns>
    ValueTask<long> MakeRoomAsync(RecordBatch batch, PersonId actor, long missing, CancellationToken cancellationToken = default) => ValueTask.FromResult(0L);

    /// <summary>Adds to a batch the records of the system and its reference to the content (<see cref="ContentReferences.AddAsync"/>). The commit of this batch
    /// ends the upload. The space that was reserved for the upload is the system's from then on: it releases it (<see cref="SpaceLedger.ReleaseAsync"/>)
    /// when it deletes what was uploaded, or in this batch if it does not count it.</summary>
    /// <param name="batch">The batch. It may end in a conflict: then this is called again, with another.</param>
    /// <param name="upload">The upload. Its id is a good key for the system's own record: there is one completion for an id.</param>
    /// <param name="content">The content, published.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where it refuses, the upload and its space are given up; whatever it added to the batch is not committed.</returns>
    ValueTask<UploadVerdict> CompleteAsync(RecordBatch batch, Upload upload, ContentInfo content, CancellationToken cancellationToken = default);
}
