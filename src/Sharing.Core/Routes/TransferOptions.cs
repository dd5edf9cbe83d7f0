using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>How transfers are done.</summary>
public sealed class TransferOptions
{
    /// <summary>Bytes in a chunk, the unit that is priced and given to a source: a multiple of the group size, 64 KiB to 64 MiB.</summary>
    public int ChunkSize { get; set; } = 1024 * 1024;

    /// <summary>After how many new bytes the state of a transfer is made durable. What came after is proven again by its hash after a crash.</summary>
    public long CheckpointBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>After how long it is made durable at the latest, if the disk is done with the time before.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How often in a row a source may fail before it is given up.</summary>
    public int MaxFailures { get; set; } = 8;

    /// <summary>How long a source rests after its first failure; doubled with each further one, up to 30 s.</summary>
    public TimeSpan FirstRest { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often an origin may change its bytes in the middle before the transfer fails.</summary>
    public int MaxOriginChanges { get; set; } = 5;

    /// <summary>How often progress is reported at most.</summary>
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    internal sealed class Validator : IValidateOptions<TransferOptions>
    {
        public ValidateOptionsResult Validate(string? name, TransferOptions options)
        {
            var errors = new List<string>();
            if (options.ChunkSize is < ContentTree.GroupSize or > 64 * 1024 * 1024 || options.ChunkSize % ContentTree.GroupSize != 0)
            {
                errors.Add($"{nameof(ChunkSize)} must be a multiple of {ContentTree.GroupSize} up to 64 MiB.");
            }

            if (options.CheckpointBytes < options.ChunkSize)
            {
                errors.Add($"{nameof(CheckpointBytes)} must be at least a chunk.");
            }

            if (options.MaxFailures < 1 || options.MaxOriginChanges < 0)
            {
                errors.Add($"{nameof(MaxFailures)} must be at least 1 and {nameof(MaxOriginChanges)} at least 0.");
            }

            if (options.FirstRest < TimeSpan.Zero || options.ProgressInterval < TimeSpan.Zero || options.CheckpointInterval < TimeSpan.Zero)
            {
                errors.Add($"{nameof(FirstRest)}, {nameof(ProgressInterval)} and {nameof(CheckpointInterval)} must not be negative.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
