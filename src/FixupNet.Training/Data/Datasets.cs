using FixupNet.Registries;
using FixupNet.Training.Data.Images;

namespace FixupNet.Training.Data;

/// <summary>Every dataset, one line each.</summary>
public static class Datasets
{
    /// <summary>The registry.</summary>
    public static Registry<DatasetEntry> All { get; } = new(
        "dataset",
        DatasetEntry.Of<SyntheticShapesOptions>(
            SyntheticShapes.Name, "ten kinds of shapes drawn from a seed; needs no files, 10,000 + 2,000 images in well under a second", ShapeOutline.Names,
            SyntheticShapes.Create, options => options.Counts),
        DatasetEntry.FromFiles("cifar10", "CIFAR-10: 50,000 + 10,000 photographs in 10 classes", CifarFiles.Cifar10, ClassNames.Cifar10, CifarFiles.Normalization10),
        DatasetEntry.FromFiles("cifar100", "CIFAR-100: 50,000 + 10,000 photographs in 100 fine classes", CifarFiles.Cifar100, ClassNames.Cifar100, CifarFiles.Normalization100),
        DatasetEntry.FromFiles("mnist", "MNIST: 60,000 + 10,000 handwritten digits, padded to 32x32", IdxFiles.Mnist, ClassNames.Mnist, IdxFiles.MnistNormalization),
        DatasetEntry.FromFiles("fashion-mnist", "Fashion-MNIST: 60,000 + 10,000 pieces of clothing, padded to 32x32", IdxFiles.FashionMnist, ClassNames.FashionMnist, IdxFiles.FashionMnistNormalization),
        DatasetEntry.OfFolders<ImageFolderOptions>(
            FolderDataset.RegistryName, "a folder of your own with images of any size as train/CLASS/* and val/CLASS/*, read while a network trains",
            FolderDataset.Load, FolderDataset.ClassNamesOf, FolderDataset.ShapeOf, FolderDataset.RequireFiles));
}
